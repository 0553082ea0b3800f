package dev.ringflow.coroutines

import dev.ringflow.Ring
import java.nio.ByteBuffer

/**
 * Waits until a word of memory is woken, if it holds what is [expected]; see futex(2). The memory may be shared with
 * other processes: any direct or mapped buffer will do. As with every futex, whoever is woken looks at the word again.
 *
 * ### Cancellation
 *
 * Cancelling asks the kernel to stop, and the call returns when the kernel has let go of the memory. If it was woken
 * all the same, the call returns true, and the next suspension point throws: no wake-up is lost.
 *
 * @param memory a direct buffer, which stays mapped until the call returns
 * @param offset where in it the word of 32 bits begins, in bytes from index 0, at a multiple of 4 of the address
 * @param expected what the word has to hold, in the machine's byte order
 * @return true when it was woken, false if the word holds something else
 * @throws UnsupportedOperationException if the driver cannot: before Linux 6.7, and on NIO
 * @throws IllegalArgumentException if the buffer is not direct or the word not aligned
 */
public suspend fun Ring.futexWait(memory: ByteBuffer, offset: Int, expected: Int): Boolean =
    await { futexWait(memory, offset, expected, it) }

/**
 * Wakes those who wait for a word of memory, on this ring, on others, in other processes, or in a system call.
 *
 * ### Cancellation
 *
 * Cancelling comes too late as a rule: the call returns how many were woken, and the next suspension point throws.
 *
 * @param memory a direct buffer
 * @param offset where in it the word of 32 bits begins, in bytes from index 0, at a multiple of 4 of the address
 * @param most how many to wake at most, at least 1
 * @return how many were woken
 * @throws UnsupportedOperationException if the driver cannot, as that of NIO
 * @throws IllegalArgumentException if the buffer is not direct or the word not aligned
 */
public suspend fun Ring.futexWake(memory: ByteBuffer, offset: Int, most: Int = Int.MAX_VALUE): Int =
    await { futexWake(memory, offset, most, it) }
