package dev.ringflow.windows.iocp;

/** What {@link AcceptPool#complete} calls for each connection, on the thread that called it. */
@FunctionalInterface
public interface AcceptedHandler {
    /**
     * Takes a connection over. The pool has accepted the next one already when this is called, so a handler may
     * throw.
     *
     * @param socket a connected socket that knows its addresses; the handler closes it
     */
    void accepted(long socket);
}
