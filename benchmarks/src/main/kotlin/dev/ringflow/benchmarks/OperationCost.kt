package dev.ringflow.benchmarks

import com.sun.management.ThreadMXBean
import dev.ringflow.Ring
import dev.ringflow.RingCallback
import dev.ringflow.benchmarks.report.Better
import dev.ringflow.benchmarks.report.Figure
import dev.ringflow.benchmarks.report.Metric
import dev.ringflow.coroutines.dispatcher
import dev.ringflow.coroutines.openFile
import dev.ringflow.coroutines.read
import dev.ringflow.file.RingFile
import dev.ringflow.uring.Errno
import dev.ringflow.uring.Memory
import dev.ringflow.uring.Uring
import dev.ringflow.uring.UringConstants.AT_FDCWD
import dev.ringflow.uring.UringConstants.O_CLOEXEC
import dev.ringflow.uring.UringConstants.O_RDONLY
import kotlinx.coroutines.runBlocking
import java.lang.management.ManagementFactory
import java.nio.ByteBuffer
import java.nio.file.Files
import java.nio.file.Path
import java.nio.file.StandardOpenOption.READ
import java.util.concurrent.CompletableFuture
import kotlin.io.path.deleteIfExists
import kotlin.io.path.writeBytes

/** What one read costs: time and heap, on the thread that asks. */
private data class Cost(val nanos: Double, val bytes: Double,)

/** A way to read the same block of the page cache again and again, each read begun when the one before has ended. */
private interface Way : AutoCloseable {
    val name: String

    fun measure(reads: Int): Cost
}

private val threads = ManagementFactory.getThreadMXBean() as ThreadMXBean

private inline fun cost(reads: Int, block: () -> Unit,): Cost {
    val bytesBefore = threads.currentThreadAllocatedBytes
    val before = System.nanoTime()
    block()
    val nanos = System.nanoTime() - before
    return Cost(nanos.toDouble() / reads, (threads.currentThreadAllocatedBytes - bytesBefore).toDouble() / reads)
}

/** The raw ring: prepare, enter, take the completion. */
private class RawReads(path: Path,) : Way {
    override val name = RAW
    private val ring = Uring.open(ENTRIES)
    private val buffer = Memory.allocate(BLOCK, BLOCK)
    private val fd = open(path)

    private fun open(path: Path): Int {
        val name = path.toString().encodeToByteArray() + 0
        val memory = Memory.allocate(name.size, 1).put(0, name)
        checkNotNull(ring.getSqe()).prepOpenat(AT_FDCWD, Memory.address(memory), O_RDONLY or O_CLOEXEC, 0)
        return result().also { check(it >= 0) { "open $path: ${Errno.name(it)}" } }
    }

    private fun result(): Int {
        ring.submitAndWait(1)
        val cqe = checkNotNull(ring.peekCqe())
        return cqe.res().also { ring.cqeSeen(cqe) }
    }

    override fun measure(reads: Int): Cost {
        val address = Memory.address(buffer)
        var wrong = 0
        val cost =
            cost(reads) {
                repeat(reads) {
                    checkNotNull(ring.getSqe()).prepRead(fd, address, BLOCK, 0)
                    if (result() != BLOCK) wrong++
                }
            }
        check(wrong == 0) { "$wrong reads failed" }
        return cost
    }

    override fun close() {
        checkNotNull(ring.getSqe()).prepClose(fd)
        result()
        ring.close()
    }
}

private abstract class OnLoop(path: Path,) : Way {
    protected val ring: Ring = Ring.open()
    protected val file: RingFile = ring.openFileAsync(path, READ).join()
    protected val buffer: ByteBuffer = ByteBuffer.allocateDirect(BLOCK)

    override fun close() = ring.close()
}

/** A chain of reads that is begun on the loop thread and ends there. */
private class Chain(val reads: Int,) {
    val done = CompletableFuture<Cost>()
    private val bytesBefore = threads.currentThreadAllocatedBytes
    private val before = System.nanoTime()
    private var count = 0

    /** Counts a read; true while there are more to do. */
    fun next(): Boolean {
        if (++count < reads) return true
        val nanos = System.nanoTime() - before
        val bytes = threads.currentThreadAllocatedBytes - bytesBefore
        done.complete(Cost(nanos.toDouble() / reads, bytes.toDouble() / reads))
        return false
    }
}

private class CallbackReads(path: Path,) : OnLoop(path) {
    override val name = "RingFile.read with a callback"

    override fun measure(reads: Int): Cost {
        val started = CompletableFuture<Chain>()
        ring.execute {
            val chain = Chain(reads)
            val callback =
                object : RingCallback<Int> {
                    override fun completed(value: Int): Boolean {
                        if (chain.next()) file.read(buffer.clear(), 0, this)
                        return true
                    }

                    override fun failed(cause: Throwable) {
                        chain.done.completeExceptionally(cause)
                    }
                }
            started.complete(chain)
            file.read(buffer.clear(), 0, callback)
        }
        return started.join().done.join()
    }
}

private class FutureReads(path: Path,) : OnLoop(path) {
    override val name = "RingFile.readAsync (CompletableFuture)"

    override fun measure(reads: Int): Cost {
        val started = CompletableFuture<Chain>()
        ring.execute {
            val chain = Chain(reads)
            started.complete(chain)
            read(chain)
        }
        return started.join().done.join()
    }

    private fun read(chain: Chain) {
        file.readAsync(buffer.clear(), 0).whenComplete { _, failure ->
            if (failure != null) {
                chain.done.completeExceptionally(failure)
            } else if (chain.next()) {
                read(chain)
            }
        }
    }
}

private class SuspendingReads(path: Path,) : Way {
    override val name = "RingFile.read (suspend, ring.dispatcher)"
    private val ring = Ring.open()
    private val file = runBlocking(ring.dispatcher) { ring.openFile(path, READ) }
    private val buffer = ByteBuffer.allocateDirect(BLOCK)

    override fun measure(reads: Int): Cost = runBlocking(ring.dispatcher) {
        cost(reads) {
            repeat(reads) { file.read(buffer.clear(), 0) }
        }
    }

    override fun close() = ring.close()
}

private const val RAW = "raw ring (Uring)"
private const val BLOCK = 512
private const val ENTRIES = 8
private const val READS = 200_000
private const val QUICK_READS = 50_000
private val NANOS: Metric = Metric.timed("time", "ns/read", Better.LOWER)
private const val WARM_UPS = 3
private const val ROUNDS = 9
private const val QUICK_ROUNDS = 3
private const val BENCHMARK = "alloc, a read of $BLOCK cached bytes"

/**
 * Prints what a read costs through each layer, over the raw ring's read of the same bytes: 512 bytes of the page cache,
 * one at a time. The ways take turns, so that what disturbs one disturbs all; the figure is the median.
 */
public object OperationCost {
    /** Runs it; all arguments are optional: `--rounds=9 --reads=200000 --quick`. */
    @JvmStatic
    public fun main(args: Array<String>) {
        val arguments = Arguments("./ringflow bench alloc", setOf("rounds", "reads", "directory"), *args)
        val path = Files.createTempFile("ringflow", ".bin")
        try {
            path.writeBytes(ByteArray(BLOCK) { it.toByte() })
            run(path, arguments)
        } finally {
            path.deleteIfExists()
        }
    }

    private fun run(path: Path, arguments: Arguments,) {
        val readsOfRound = arguments.number("reads", READS, QUICK_READS)
        val count = arguments.number("rounds", ROUNDS, QUICK_ROUNDS)
        val findings = Findings("alloc", arguments)
        val ways = listOf(RawReads(path), CallbackReads(path), FutureReads(path), SuspendingReads(path))
        ways.forEach { way -> repeat(WARM_UPS) { way.measure(readsOfRound) } }
        val rounds = List(count) { ways.map { it.measure(readsOfRound) } }
        ways.forEach(Way::close)

        val medians = ways.indices.map { way ->
            Cost(median(rounds) { it[way].nanos }, median(rounds) { it[way].bytes })
        }
        println(
            "One read of $BLOCK bytes from the page cache, one at a time; " +
                "median of $count rounds of $readsOfRound in turns"
        )
        println("%-44s %10s %12s %14s".format("", "ns", "over raw, ns", "heap, bytes"))
        ways.zip(medians).forEach { (way, cost) ->
            println(
                "%-44s %10.0f %12.0f %14.1f".format(way.name, cost.nanos, cost.nanos - medians[0].nanos, cost.bytes)
            )
        }
        ways.forEachIndexed { way, each ->
            val isRaw = each === ways[0]
            findings.add(each.name, isRaw, NANOS, rounds.map { it[way].nanos }, rounds.map { it[0].nanos })
            findings.add(each.name, isRaw, Metric.HEAP, rounds.map { it[way].bytes }, rounds.map { it[0].bytes })
        }
        findings.write(System.out)
    }

    /** The raw ring is what the others are compared with. */
    private fun Findings.add(
        subject: String,
        isReference: Boolean,
        metric: Metric,
        values: List<Double>,
        reference: List<Double>,
    ) {
        val figure = Figure.alone(BENCHMARK, subject, true, metric, values)
        add(if (isReference) figure else figure.over(Figure.alone(BENCHMARK, RAW, true, metric, reference)))
    }

    private fun median(rounds: List<List<Cost>>, figure: (List<Cost>) -> Double,): Double =
        rounds.map(figure).sorted()[rounds.size / 2]
}
