package dev.ringflow.windows.ioring;

import dev.ringflow.windows.internal.IoRingLibrary;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Whether this process can have an I/O ring, why not, and what a ring can do here. Immutable. */
public final class IoRingAvailability {
    static final String NEEDED =
            "I/O rings take Windows 11 or Windows Server 2022, 64 bits, and a machine that jffi has a native library for.";
    private static final int PROBED_SIZE = 1;

    private final boolean usable;
    private final String reason;
    private final String advice;
    private final @Nullable IoRingCapabilities capabilities;
    private final Set<Integer> ops;

    private IoRingAvailability(
            final boolean usable,
            final String reason,
            final String advice,
            final @Nullable IoRingCapabilities capabilities,
            final Set<Integer> ops) {
        this.usable = usable;
        this.reason = reason;
        this.advice = advice;
        this.capabilities = capabilities;
        this.ops = ops;
    }

    static IoRingAvailability withoutLibrary(final @Nullable Throwable failure) {
        return new IoRingAvailability(false, "The library cannot be loaded: " + failure, NEEDED, null, Set.of());
    }

    static IoRingAvailability of(final IoRingLibrary library) {
        IoRingCapabilities capabilities = null;
        try {
            capabilities = IoRing.queryCapabilities(library);
            if (capabilities.bestVersion() == IoRingConstants.IORING_VERSION_INVALID) {
                return new IoRingAvailability(
                        false, "Windows offers no version of I/O rings.", NEEDED, capabilities, Set.of());
            }
            try (IoRing ring = IoRing.open(library, PROBED_SIZE)) {
                return probed(ring, capabilities);
            }
        } catch (final IoRingException e) {
            return new IoRingAvailability(
                    false, e.operation() + ": " + HResult.describe(e.code()), e.advice(), capabilities, Set.of());
        } catch (final UnsatisfiedLinkError e) {
            return new IoRingAvailability(
                    false, "A function is missing: " + e.getMessage(), NEEDED, capabilities, Set.of());
        }
    }

    private static IoRingAvailability probed(final IoRing ring, final IoRingCapabilities capabilities) {
        final Set<Integer> ops = new TreeSet<>();
        for (int op = IoRingConstants.IORING_OP_NOP; op <= IoRingConstants.IORING_OP_WRITE_GATHER; op++) {
            if (ring.isOpSupported(op)) {
                ops.add(op);
            }
        }
        final List<String> limits = new ArrayList<>();
        if (capabilities.isEmulated()) {
            limits.add("Rings are emulated, without a gain in speed.");
        }
        if (!capabilities.hasCompletionEvent()) {
            limits.add("There is no completion event: wait in submissions.");
        }
        if (capabilities.bestVersion() == IoRingConstants.IORING_VERSION_1) {
            limits.add("Version 1 may lose a completion event: wait with a time limit.");
        }
        if (!ops.contains(IoRingConstants.IORING_OP_WRITE)) {
            limits.add("There are no writes and flushes: those take version 300, which Windows 11 22H2 has.");
        }
        return new IoRingAvailability(
                true,
                "I/O rings of version " + ring.getInfo().version() + ".",
                limits.isEmpty() ? "Nothing is to be done." : String.join(" ", limits),
                capabilities,
                Set.copyOf(ops));
    }

    /**
     * Whether a ring can be opened; one was, to find out.
     *
     * @return true if it can
     */
    public boolean isUsable() {
        return usable;
    }

    /**
     * Why or why not.
     *
     * @return a sentence
     */
    public String reason() {
        return reason;
    }

    /**
     * What to do: about the lack of rings, or about what this version of Windows lacks.
     *
     * @return one or more sentences
     */
    public String advice() {
        return advice;
    }

    /**
     * What Windows offers.
     *
     * @return null where it has no rings
     */
    public @Nullable IoRingCapabilities capabilities() {
        return capabilities;
    }

    /**
     * Whether a ring of the best version has an operation, as Windows answered.
     *
     * @param op one of {@code IORING_OP_}
     * @return false also where there are no rings
     */
    public boolean supports(final int op) {
        return ops.contains(op);
    }

    @Override
    public String toString() {
        return (usable ? "usable: " : "not usable: ") + reason + " " + advice;
    }
}
