package dev.ringflow.windows.ioring;

import dev.ringflow.windows.internal.Kernel32;
import java.util.concurrent.atomic.AtomicLong;

/**
 * An event that resets itself when one waiter was let through: what {@link IoRing#setCompletionEvent} wants. Safe for use by
 * any thread, but for {@link #close()}: that waits for nobody, so no thread may be in {@link #await} then.
 */
public final class CompletionEvent implements AutoCloseable {
    private final AtomicLong handle;

    private CompletionEvent(final long handle) {
        this.handle = new AtomicLong(handle);
    }

    /**
     * {@code CreateEventW}: a new event, not set.
     *
     * @return an open event
     * @throws IoRingException if there is none to be had; the message says why and what to do
     */
    public static CompletionEvent open() throws IoRingException {
        final String operation = "CreateEventW()";
        OverlappedFile.requireWindows(operation);
        final long handle = Kernel32.createEvent(false, false);
        if (handle < 0) {
            throw new IoRingException(HResult.ofWin32((int) -handle), operation);
        }
        return new CompletionEvent(handle);
    }

    /**
     * The handle.
     *
     * @return for {@link IoRing#setCompletionEvent}
     * @throws IllegalStateException if the event is closed
     */
    public long handle() {
        final long open = handle.get();
        if (open == 0) {
            throw new IllegalStateException("the event is closed");
        }
        return open;
    }

    /**
     * {@code SetEvent}: lets one waiter through, now or later. For instance once after {@link IoRing#setCompletionEvent}.
     *
     * @return the {@code HRESULT}
     * @throws IllegalStateException if the event is closed
     */
    public int signal() {
        return HResult.ofWin32(-Kernel32.setEvent(handle()));
    }

    /**
     * {@code WaitForSingleObject}: waits until the event is set, and resets it.
     *
     * @param milliseconds at most so long; {@link IoRingConstants#INFINITE}
     * @return {@link HResult#S_OK}; {@link HResult#S_FALSE} if the time is up; failures
     * @throws IllegalStateException if the event is closed
     */
    public int await(final int milliseconds) {
        final int result = Kernel32.waitForSingleObject(handle(), milliseconds);
        return switch (result) {
            case Kernel32.WAIT_OBJECT_0 -> HResult.S_OK;
            case Kernel32.WAIT_TIMEOUT -> HResult.S_FALSE;
            default -> HResult.ofWin32(Math.abs(result));
        };
    }

    /** {@code CloseHandle}: closes the event. Does nothing on a closed one. A ring that has it keeps its own duplicate. */
    @Override
    public void close() {
        final long open = handle.getAndSet(0);
        if (open != 0) {
            Kernel32.closeHandle(open);
        }
    }
}
