package dev.ringflow.spi;

/**
 * Memory that belongs to a pool. The pool must not hand it out again while the kernel may touch it, even if its user
 * has given it back.
 */
public interface MemoryLease {
    /**
     * Called before an operation on the memory is submitted.
     *
     * @throws IllegalStateException if the user has given the memory back already
     */
    void kernelTakes();

    /** Called after the terminal completion of that operation. */
    void kernelLetsGo();
}
