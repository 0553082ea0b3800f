package dev.ringflow;

import java.util.Objects;

/**
 * Whether a driver can be used here, and if not, why and what to do about it.
 *
 * @param driver the driver's name, as {@link RingOptions.Builder#driver} takes it
 * @param reason {@link Reason#USABLE}, or what stands in the way
 * @param explanation a sentence with the facts: errno, limits, kernel release
 * @param advice what a person can do; empty when there is nothing to do
 */
public record DriverAvailability(String driver, Reason reason, String explanation, String advice) {
    /** What can stand in the way of a driver. */
    public enum Reason {
        /** Nothing does. */
        USABLE,
        /** It is made for another operating system or processor. */
        OTHER_PLATFORM,
        /** The kernel does not know the system call at all (ENOSYS). */
        KERNEL_TOO_OLD,
        /** A seccomp filter, as containers have, refuses the system call. */
        BLOCKED_BY_SECCOMP,
        /** The sysctl {@code kernel.io_uring_disabled} refuses it. */
        DISABLED_BY_SYSCTL,
        /** The limit of locked memory ({@code RLIMIT_MEMLOCK}) is too small for the smallest ring. */
        LOCKED_MEMORY_LIMIT,
        /** The process or the system has no file descriptor left. */
        FILE_DESCRIPTOR_LIMIT,
        /** The native part of JNR-FFI cannot be loaded. */
        NATIVE_LIBRARY,
        /** Something else; the explanation says what. */
        OTHER
    }

    /** Checks that nothing is null. */
    public DriverAvailability {
        Objects.requireNonNull(driver, "driver");
        Objects.requireNonNull(reason, "reason");
        Objects.requireNonNull(explanation, "explanation");
        Objects.requireNonNull(advice, "advice");
    }

    /**
     * Says that a driver can be used.
     *
     * @param driver the driver's name
     * @param explanation what was found
     * @return an availability
     */
    public static DriverAvailability usable(String driver, String explanation) {
        return new DriverAvailability(driver, Reason.USABLE, explanation, "");
    }

    /**
     * Whether it can be used.
     *
     * @return true when {@link Ring#open} with this driver is expected to work
     */
    public boolean isUsable() {
        return reason == Reason.USABLE;
    }
}
