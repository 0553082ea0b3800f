package dev.ringflow.uring.driver;

import dev.ringflow.spi.DriverModes;
import dev.ringflow.spi.DriverOptions;
import dev.ringflow.uring.Errno;
import dev.ringflow.uring.Uring;
import dev.ringflow.uring.UringConstants;
import dev.ringflow.uring.UringException;
import dev.ringflow.uring.UringParams;
import java.util.LinkedHashMap;
import java.util.Map;

/** Opens the driver's ring with the modes that were asked for, or without those that cannot be had. */
final class RingSetup {
    private static final System.Logger LOG = System.getLogger("dev.ringflow");
    private static final int SMALLEST_SUBMISSION_QUEUE = LinkedTimeouts.ENTRIES;
    private static final int SMALLEST_COMPLETION_QUEUE = 4096;
    private static final int LARGEST_COMPLETION_QUEUE = 65_536;

    private final DriverOptions options;
    private final Map<String, String> details = new LinkedHashMap<>();

    RingSetup(DriverOptions options) {
        this.options = options;
    }

    Uring open() throws UringException {
        Uring ring = open(sizes());
        limitWorkers(ring);
        if (options.modes().polledCompletions()) {
            details.put(PolledFiles.DETAIL, "of files that are open for direct I/O");
        }
        return ring;
    }

    /** What became of the modes, for people. */
    Map<String, String> details() {
        return details;
    }

    private UringParams sizes() {
        int completionEntries = options.completionEntries() != 0
                ? options.completionEntries()
                : Math.max(SMALLEST_COMPLETION_QUEUE, 4 * options.entries());
        return UringParams.of(Math.max(SMALLEST_SUBMISSION_QUEUE, options.entries()))
                .withCqEntries(
                        Math.max(SMALLEST_SUBMISSION_QUEUE, Math.min(completionEntries, LARGEST_COMPLETION_QUEUE)));
    }

    private Uring open(UringParams sizes) throws UringException {
        DriverModes modes = options.modes();
        if (modes.submissionThreadMillis() == 0) {
            return Uring.open(sizes);
        }
        UringParams polled = sizes.withSqThreadIdle((int) Math.min(Integer.MAX_VALUE, modes.submissionThreadMillis()));
        try {
            Uring ring = openOnCpu(polled, modes.submissionThreadCpu());
            if ((ring.params().features() & UringConstants.IORING_FEAT_SQPOLL_NONFIXED) != 0) {
                return ring;
            }
            ring.close();
            refused("submission thread", "on this kernel it serves direct descriptors only (Linux 5.11 has more)");
        } catch (UringException e) {
            refused("submission thread", e.errno());
        }
        return Uring.open(sizes);
    }

    private Uring openOnCpu(UringParams polled, int cpu) throws UringException {
        String idle = "sleeps after " + options.modes().submissionThreadMillis() + " ms";
        if (cpu >= 0) {
            try {
                Uring ring = Uring.open(polled.withSqThreadCpu(cpu));
                details.put("submission thread", idle + ", on processor " + cpu);
                return ring;
            } catch (UringException e) {
                refused("submission thread on processor " + cpu, e.errno());
            }
        }
        Uring ring = Uring.open(polled);
        details.put("submission thread", idle);
        return ring;
    }

    private void limitWorkers(Uring ring) {
        DriverModes modes = options.modes();
        if (modes.boundedWorkers() == 0 && modes.unboundedWorkers() == 0) {
            return;
        }
        int[] limits = {modes.boundedWorkers(), modes.unboundedWorkers()};
        int result = ring.registerIowqMaxWorkers(limits);
        details.put(
                "workers",
                result >= 0
                        ? "at most " + modes.boundedWorkers() + " bounded, " + modes.unboundedWorkers() + " unbounded"
                        : "as the kernel has them: " + Errno.name(result));
    }

    private void refused(String what, int errno) {
        refused(what, Errno.name(errno) + ". " + Errno.meaning(errno));
    }

    private void refused(String what, String reason) {
        String why = "not available: " + reason;
        details.put(what, why);
        LOG.log(System.Logger.Level.INFO, "io_uring: " + what + " is " + why);
    }
}
