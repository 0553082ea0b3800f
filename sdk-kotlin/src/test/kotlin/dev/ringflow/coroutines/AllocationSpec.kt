package dev.ringflow.coroutines

import com.sun.management.ThreadMXBean
import dev.ringflow.RingCallback
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.longs.shouldBeLessThanOrEqual
import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.CoroutineDispatcher
import kotlinx.coroutines.Job
import java.lang.management.ManagementFactory
import java.nio.ByteBuffer
import java.nio.file.StandardOpenOption.READ
import java.nio.file.StandardOpenOption.WRITE
import kotlin.coroutines.Continuation
import kotlin.coroutines.resume
import kotlin.coroutines.startCoroutine
import kotlin.coroutines.suspendCoroutine

private const val OPERATIONS = 50_000
private const val BLOCK = 4096
private const val BLOCKS = 16

class AllocationSpec :
    FunSpec({
        onEachDriver {
            test("a suspending read or write on the loop thread costs at most 100 bytes of heap") { ring ->
                withTempFile(bytes(BLOCK * BLOCKS)) { path ->
                    ring.openFile(path, READ, WRITE).use { file ->
                        val buffer = ByteBuffer.allocateDirect(BLOCK)
                        ring.bufferPool(BLOCK, 1).use { pool ->
                            pool.acquire().use { lease ->
                                val pooled = lease.byteBuffer()
                                val ways = listOf(
                                    Way("read", { repeat(OPERATIONS) { file.read(buffer.clear(), position(it)) } }) {
                                        file.read(buffer.clear(), position(done), this)
                                    },
                                    Way(
                                        "read into a pooled buffer",
                                        {
                                            repeat(OPERATIONS) {
                                                pooled.clear()
                                                file.read(lease, position(it))
                                            }
                                        }
                                    ) {
                                        pooled.clear()
                                        file.read(lease, position(done), this)
                                    },
                                    Way(
                                        "write from a pooled buffer",
                                        {
                                            repeat(OPERATIONS) {
                                                pooled.clear()
                                                file.write(lease, position(it))
                                            }
                                        }
                                    ) {
                                        pooled.clear()
                                        file.write(lease, position(done), this)
                                    }
                                )
                                ways.forEach { way ->
                                    withoutDebugMode(ring.dispatcher) {
                                        val below = bytesEach { Callbacks(way.byCallback).run() }
                                        val all = bytesEach(way.suspending)
                                        println("$driver, ${way.name}: $all bytes of heap, $below of them below Kotlin")
                                        // what the JDK's channels allocate is their own affair
                                        (if (driver == "nio") all - below else all) shouldBeLessThanOrEqual 100
                                    }
                                }
                            }
                        }
                    }
                }
            }
        }
    })

/** All operations suspending, and one of them with a callback. */
private class Way(val name: String, val suspending: suspend () -> Unit, val byCallback: Callbacks.() -> Unit)

private fun position(operation: Int) = operation.toLong() % BLOCKS * BLOCK

private suspend fun bytesEach(reads: suspend () -> Unit): Long {
    val threads = ManagementFactory.getThreadMXBean() as ThreadMXBean
    reads()
    val before = threads.currentThreadAllocatedBytes
    reads()
    return (threads.currentThreadAllocatedBytes - before) / OPERATIONS
}

/** Runs a coroutine with a job, but without the names that coroutines give to threads when assertions are on. */
private suspend fun withoutDebugMode(dispatcher: CoroutineDispatcher, block: suspend () -> Unit) {
    val outcome = CompletableDeferred<Result<Unit>>()
    block.startCoroutine(Continuation(dispatcher + Job()) { outcome.complete(it) })
    outcome.await().getOrThrow()
}

/** The same operations with the core's callbacks alone. */
private class Callbacks(private val begin: Callbacks.() -> Unit) : RingCallback<Int> {
    var done = 0
        private set
    private var whenDone: () -> Unit = {}

    suspend fun run() = suspendCoroutine { caller ->
        whenDone = { caller.resume(Unit) }
        begin()
    }

    override fun completed(value: Int): Boolean {
        if (++done < OPERATIONS) begin() else whenDone()
        return true
    }

    override fun failed(cause: Throwable): Unit = throw cause
}
