package dev.ringflow.benchmarks;

/** A server that sends back what it receives, on the loopback interface, on one thread. */
interface EchoServer extends AutoCloseable {
    /** Where it listens. */
    int port();

    /** How many system calls it has made; -1 if it does not count them. */
    default long systemCalls() {
        return -1;
    }
}
