package dev.ringflow.examples

import dev.ringflow.Ring

/**
 * What one part of a job cost.
 *
 * @property operations completions that the ring delivered
 * @property bytes that were moved, where that makes sense
 * @property systemCalls of the loop thread
 * @property heapBytes allocated by the whole process; -1 if the JVM does not tell
 */
internal class Measurement(
    val part: String,
    val operations: Long,
    val bytes: Long,
    val systemCalls: Long,
    val nanos: Long,
    val heapBytes: Long
)

/** Measures the parts of a job on a ring, one after the other. */
internal class Meter(private val ring: Ring) {
    private val heap = HeapMeter()
    private val finished = ArrayList<Measurement>()
    private var metrics = ring.metrics()
    private var allocated = 0L
    private var started = 0L

    /** What was measured so far. */
    val measurements: List<Measurement> get() = finished

    /** A part begins. */
    fun begin() {
        allocated = heap.allocatedBytes()
        metrics = ring.metrics()
        started = System.nanoTime()
    }

    /** The part that was begun ends, after it moved [bytes]. */
    fun end(part: String, bytes: Long) {
        val nanos = System.nanoTime() - started
        val now = ring.metrics()
        finished += Measurement(
            part,
            now.completed() - metrics.completed(),
            bytes,
            now.systemCalls() - metrics.systemCalls(),
            nanos,
            if (allocated < 0) -1 else heap.allocatedBytes() - allocated
        )
    }
}
