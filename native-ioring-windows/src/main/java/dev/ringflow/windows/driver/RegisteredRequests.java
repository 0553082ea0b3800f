package dev.ringflow.windows.driver;

/** Requests of one socket by Registered I/O, told of their ends. */
interface RegisteredRequests {
    /**
     * The kernel has let go of a request's memory.
     *
     * @param context what the request was made with; its upper half is the number of these requests
     * @param error 0, or a Winsock error, above zero
     * @param bytes how many
     */
    void completed(long context, int error, int bytes);
}
