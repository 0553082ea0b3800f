package dev.ringflow.examples

import com.sun.management.ThreadMXBean
import java.lang.management.ManagementFactory

/**
 * How many bytes of heap the process has allocated, in all threads. JDK 21 and later count that themselves; before, the
 * living threads are added up, and what a thread allocated that has ended since the last call is missing.
 */
internal class HeapMeter {
    private val threads = ManagementFactory.getThreadMXBean() as? ThreadMXBean
    private val total = threads?.javaClass?.let { ThreadMXBean::class.java }
        ?.methods?.find { it.name == "getTotalThreadAllocatedBytes" }
    private val seen = HashMap<Long, Long>()

    /** Bytes since the process began; -1 where the JVM does not count them. */
    fun allocatedBytes(): Long {
        if (threads == null || !threads.isThreadAllocatedMemorySupported) {
            return -1
        }
        if (total != null) {
            return total.invoke(threads) as Long
        }
        val ids = threads.allThreadIds
        threads.getThreadAllocatedBytes(ids).forEachIndexed { i, bytes -> if (bytes > 0) seen[ids[i]] = bytes }
        return seen.values.sum()
    }
}
