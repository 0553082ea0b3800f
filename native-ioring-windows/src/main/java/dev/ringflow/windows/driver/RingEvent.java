package dev.ringflow.windows.driver;

import dev.ringflow.windows.ioring.CompletionEvent;
import dev.ringflow.windows.ioring.HResult;
import dev.ringflow.windows.ioring.IoRing;
import dev.ringflow.windows.ioring.IoRingConstants;
import dev.ringflow.windows.ioring.IoRingException;

/**
 * The event that an I/O ring sets when its empty completion queue gets an entry, and the thread that waits for it: it
 * posts an entry to the port, so that the loop has one place to wait at. The loop takes completions until there is none.
 */
final class RingEvent {
    private static final int CLOSE_MILLIS = 5000;

    private final CompletionEvent event;
    private final Thread waiter;
    private volatile boolean closed;

    private RingEvent(CompletionEvent event, LoopPort port) {
        this.event = event;
        long key = port.register((entries, index) -> {}); // to wake is all: the loop looks each time
        waiter = new Thread(() -> relay(port, key), Thread.currentThread().getName() + " I/O ring event");
        waiter.setDaemon(true);
    }

    static RingEvent attach(IoRing ring, LoopPort port) throws IoRingException {
        CompletionEvent event = CompletionEvent.open();
        int code = ring.setCompletionEvent(event.handle());
        if (code < 0) {
            event.close();
            throw new IoRingException(code, "SetIoRingCompletionEvent()");
        }
        RingEvent attached = new RingEvent(event, port);
        attached.waiter.start();
        return attached;
    }

    private void relay(LoopPort port, long key) {
        while (!closed && !HResult.isFailure(event.await(IoRingConstants.INFINITE))) {
            if (!closed) {
                port.post(key);
            }
        }
    }

    /** Ends the thread, and only then closes the event. */
    void close() {
        closed = true;
        event.signal();
        try {
            waiter.join(CLOSE_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (!waiter.isAlive()) {
            event.close();
        }
    }
}
