package dev.ringflow.benchmarks

import dev.ringflow.Ring
import dev.ringflow.buffer.RingBuffer
import dev.ringflow.coroutines.dispatcher
import dev.ringflow.coroutines.read
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.launch
import java.nio.ByteBuffer

/** Suspending reads: one coroutine on the ring's dispatcher for each request that is wanted in flight. */
internal class SuspendingFileReads(private val plan: ReadPlan, ring: Ring) : RingReads(ring) {
    private val file = openFile(plan)
    private val positions = plan.positions()
    private val scope = CoroutineScope(ring.dispatcher)
    private val leases: List<RingBuffer>? =
        if (plan.registered) registeredPool(plan.depth).let { pool -> List(plan.depth) { pool.acquire() } } else null
    private val buffers: List<ByteBuffer> = leases?.map { it.byteBuffer() } ?: List(plan.depth) { ReadPlan.block() }
    private var verifying = true
    private var wrong = 0L

    override fun name(): String = "RingFile, suspend" + if (plan.registered) ", registered" else ""

    override fun width(): Int = plan.depth

    override fun begin() {
        repeat(plan.depth) { index ->
            val lease = leases?.get(index)
            scope.launch { if (lease == null) readPlain(buffers[index]) else readPooled(lease, buffers[index]) }
        }
    }

    private suspend fun readPlain(buffer: ByteBuffer) {
        do {
            val position = positions.next()
            val bytes = file.read(buffer.clear(), position)
            check(bytes, buffer, position)
        } while (goesOn())
    }

    private suspend fun readPooled(lease: RingBuffer, buffer: ByteBuffer) {
        do {
            val position = positions.next()
            buffer.clear()
            val bytes = file.read(lease, position)
            check(bytes, buffer, position)
        } while (goesOn())
    }

    private fun check(bytes: Int, buffer: ByteBuffer, position: Long) {
        if (bytes != ReadPlan.BLOCK || (verifying && !ReadPlan.isRight(buffer, position))) wrong++
    }

    override fun checkRound() {
        verifying = false
        check(wrong == 0L) { "$wrong reads of ${name()} are wrong" }
    }
}
