package dev.ringflow.uring.internal;

import com.kenai.jffi.CallContext;
import com.kenai.jffi.HeapInvocationBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * {@code io_uring_enter(2)} with an extended argument at a fixed address: what a loop needs that waits with a timeout.
 *
 * <p>A call of seven words goes through an argument buffer on the heap (jffi copies it to the stack, nothing is pinned).
 * The buffers of the usual calls, waiting for one completion with few entries to submit, are kept and used again, so
 * that waiting makes no garbage.
 *
 * <p>Not safe for use by several threads.
 */
public final class ExtendedEnter {
    private static final CallContext SEVEN_WORDS = Syscall.words(7);

    /** Calls that submit fewer entries than this are kept. */
    private static final int KEPT = 64;

    private final long argAddress;
    private final long argSize;
    private final @Nullable HeapInvocationBuffer[] kept = new HeapInvocationBuffer[KEPT];
    private int keptFd = Integer.MIN_VALUE;
    private int keptFlags;

    /**
     * Binds the argument.
     *
     * @param argAddress address of the extended argument
     * @param argSize its size in bytes
     */
    public ExtendedEnter(final long argAddress, final long argSize) {
        this.argAddress = argAddress;
        this.argSize = argSize;
    }

    /**
     * Enters the kernel.
     *
     * @param fd the ring, or its registered index together with {@code IORING_ENTER_REGISTERED_RING}
     * @param toSubmit entries to take from the submission queue
     * @param minComplete completions to wait for
     * @param flags {@code IORING_ENTER_} flags; {@code EXT_ARG} is the caller's to set
     * @return entries taken, or the negated errno
     */
    public int call(final int fd, final int toSubmit, final int minComplete, final int flags) {
        if (minComplete != 1 || toSubmit < 0 || toSubmit >= KEPT) {
            return LibC.invoke(SEVEN_WORDS, arguments(fd, toSubmit, minComplete, flags));
        }
        if (fd != keptFd || flags != keptFlags) {
            Arrays.fill(kept, null);
            keptFd = fd;
            keptFlags = flags;
        }
        HeapInvocationBuffer arguments = kept[toSubmit];
        if (arguments == null) {
            arguments = arguments(fd, toSubmit, minComplete, flags);
            kept[toSubmit] = arguments;
        }
        return LibC.invoke(SEVEN_WORDS, arguments);
    }

    private HeapInvocationBuffer arguments(final int fd, final int toSubmit, final int minComplete, final int flags) {
        final HeapInvocationBuffer arguments = new HeapInvocationBuffer(SEVEN_WORDS);
        arguments.putLong(LibC.enterNumber());
        arguments.putLong(fd);
        arguments.putLong(Integer.toUnsignedLong(toSubmit));
        arguments.putLong(Integer.toUnsignedLong(minComplete));
        arguments.putLong(Integer.toUnsignedLong(flags));
        arguments.putLong(argAddress);
        arguments.putLong(argSize);
        return arguments;
    }
}
