package dev.ringflow.examples

import com.sun.management.ThreadMXBean
import java.lang.management.ManagementFactory

/**
 * How many bytes of heap the threads of this process have allocated, without those that draw progress bars. What a
 * thread allocated that ended since the last call is missing.
 */
internal class HeapMeter {
    private val threads = ManagementFactory.getThreadMXBean() as? ThreadMXBean
    private val counted = HashMap<Long, Boolean>()
    private val allocated = HashMap<Long, Long>()

    /** Bytes since the process began; -1 where the JVM does not count them. */
    fun allocatedBytes(): Long {
        if (threads == null || !threads.isThreadAllocatedMemorySupported) {
            return -1
        }
        val ids = threads.allThreadIds
        val bytes = threads.getThreadAllocatedBytes(ids)
        for ((i, id) in ids.withIndex()) {
            val counts = counted.getOrPut(id) { threads.getThreadInfo(id)?.threadName != Progress.THREAD_NAME }
            if (counts && bytes[i] > 0) {
                allocated[id] = bytes[i]
            }
        }
        return allocated.values.sum()
    }
}
