package dev.ringflow.windows.driver;

import dev.ringflow.spi.DriverOptions;
import dev.ringflow.windows.ioring.IoRing;
import dev.ringflow.windows.ioring.IoRingCapabilities;
import dev.ringflow.windows.ioring.IoRingConstants;
import dev.ringflow.windows.ioring.IoRingException;
import org.jspecify.annotations.Nullable;

/**
 * Finds out whether I/O rings serve here, and opens one.
 *
 * @param ring null where there is none of use
 * @param event null where there is no ring
 * @param description how files go
 */
record FileRingOpening(@Nullable IoRing ring, @Nullable RingEvent event, String description) {
    /** System property: {@value #OVERLAPPED} leaves I/O rings alone. */
    static final String PROPERTY = "ringflow.windows.files";

    /** Value of {@value #PROPERTY}. */
    static final String OVERLAPPED = "overlapped";

    private static final int LARGEST = 0x8000;

    static FileRingOpening of(DriverCore core, DriverOptions options) {
        if (OVERLAPPED.equals(System.getProperty(PROPERTY))) {
            return without("as " + PROPERTY + " says");
        }
        IoRing ring = null;
        try {
            IoRingCapabilities found = IoRing.queryCapabilities();
            String lack = lack(found);
            if (lack != null) {
                return without(lack);
            }
            int most = found.maxSubmissionQueueSize() > 0 ? found.maxSubmissionQueueSize() : LARGEST;
            int entries = Math.min(Math.min(options.entries(), LARGEST), most);
            int completions = found.maxCompletionQueueSize() > 0
                    ? Math.min(options.completionEntries(), found.maxCompletionQueueSize())
                    : options.completionEntries();
            ring = IoRing.create(found.bestVersion(), 0, 0, entries, completions);
            RingEvent event = RingEvent.attach(ring, core.port());
            return new FileRingOpening(ring, event, describe(ring));
        } catch (IoRingException e) {
            if (ring != null) {
                ring.close();
            }
            return without(String.valueOf(e.getMessage()));
        }
    }

    private static FileRingOpening without(String reason) {
        return new FileRingOpening(null, null, "by overlapped requests: " + reason);
    }

    private static String describe(IoRing ring) {
        return "by an I/O ring of version " + ring.getInfo().version() + " with "
                + ring.getInfo().submissionQueueSize() + " entries"
                + (ring.isOpSupported(IoRingConstants.IORING_OP_WRITE) ? "" : ", writes by overlapped requests");
    }

    private static @Nullable String lack(IoRingCapabilities found) {
        if (found.isEmulated()) {
            return "I/O rings are only emulated here";
        } else if (!found.hasCompletionEvent()) {
            return "I/O rings have no completion event here";
        } else if (found.bestVersion() < IoRingConstants.IORING_VERSION_2) {
            return "I/O rings of version " + found.bestVersion() + " lose completion events";
        }
        return null;
    }
}
