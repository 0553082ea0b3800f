package dev.ringflow.coroutines

import com.sun.management.ThreadMXBean
import dev.ringflow.RingCallback
import dev.ringflow.file.RingFile
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.longs.shouldBeLessThan
import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.CoroutineDispatcher
import kotlinx.coroutines.Job
import java.lang.management.ManagementFactory
import java.nio.ByteBuffer
import kotlin.coroutines.Continuation
import kotlin.coroutines.resume
import kotlin.coroutines.startCoroutine
import kotlin.coroutines.suspendCoroutine

private const val READS = 50_000

class AllocationSpec :
    FunSpec({
        onEachDriver {
            test("a read on the loop thread costs little memory beyond the driver's own") { ring ->
                withTempFile(bytes(4096)) { path ->
                    ring.openFile(path).use { file ->
                        val buffer = ByteBuffer.allocateDirect(4096)
                        withoutDebugMode(ring.dispatcher) {
                            val below = bytesEach { CallbackReads(file, buffer).run() }
                            val all = bytesEach { repeat(READS) { file.read(buffer.clear(), 0) } }
                            println("$driver: $all bytes allocated for each read, $below of them below Kotlin")
                            all - below shouldBeLessThan 150
                        }
                    }
                }
            }
        }
    })

private suspend fun bytesEach(reads: suspend () -> Unit): Long {
    val threads = ManagementFactory.getThreadMXBean() as ThreadMXBean
    reads()
    val before = threads.currentThreadAllocatedBytes
    reads()
    return (threads.currentThreadAllocatedBytes - before) / READS
}

/** Runs a coroutine with a job, but without the names that coroutines give to threads when assertions are on. */
private suspend fun withoutDebugMode(dispatcher: CoroutineDispatcher, block: suspend () -> Unit) {
    val outcome = CompletableDeferred<Result<Unit>>()
    block.startCoroutine(Continuation(dispatcher + Job()) { outcome.complete(it) })
    outcome.await().getOrThrow()
}

/** The same reads with the core's callbacks alone. */
private class CallbackReads(private val file: RingFile, private val buffer: ByteBuffer) : RingCallback<Int> {
    private var left = READS
    private var whenDone: () -> Unit = {}

    suspend fun run() = suspendCoroutine { caller ->
        whenDone = { caller.resume(Unit) }
        file.read(buffer.clear(), 0, this)
    }

    override fun completed(value: Int): Boolean {
        if (--left > 0) file.read(buffer.clear(), 0, this) else whenDone()
        return true
    }

    override fun failed(cause: Throwable): Unit = throw cause
}
