package dev.ringflow.coroutines

import dev.ringflow.Ring
import dev.ringflow.Support
import dev.ringflow.spi.OpCode
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.shouldBe
import io.kotest.property.Arb
import io.kotest.property.PropTestConfig
import io.kotest.property.ShrinkingMode
import io.kotest.property.arbitrary.arbitrary
import io.kotest.property.checkAll
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.withContext
import java.nio.file.Files
import java.nio.file.Path
import java.nio.file.StandardOpenOption.APPEND
import java.nio.file.StandardOpenOption.READ
import java.nio.file.StandardOpenOption.WRITE
import kotlin.random.Random

private const val SEQUENCES = 150
private const val LARGEST = 20_000
private const val FARTHEST = 100_000L

/**
 * Random sequences of operations do to a file what the JDK does to another: results, failures, positions and content of
 * the buffers, what is around them, and in the end the files. The seed is printed; the environment variable
 * `RINGFLOW_SEED` repeats a run.
 */
class FilePropertySpec :
    FunSpec({
        onEachDriver {
            for (appending in listOf(false, true)) {
                test(
                    "random sequences do what the JDK does${if (appending) ", on a file that appends" else ""}"
                ) { ring ->
                    val seed = System.getenv("RINGFLOW_SEED")?.toLong() ?: Random.nextLong()
                    println("$driver: seed $seed")
                    val config = PropTestConfig(seed, iterations = SEQUENCES, shrinkingMode = ShrinkingMode.Off)
                    ring.bufferPool(LARGEST + 2 * Memory.GUARD, 1).use { pool ->
                        checkAll(config, sequences(ring, appending)) { sequence ->
                            withTempFile(bytes(sequence.size)) { path ->
                                withTempFile(bytes(sequence.size)) { mirror ->
                                    withContext(if (sequence.onLoop) ring.dispatcher else Dispatchers.Default) {
                                        sequence.compare(ring, pool, path, mirror)
                                    }
                                }
                            }
                        }
                        pool.available() shouldBe 1
                    }
                    ring.openHandles() shouldBe 0
                }
            }
        }
    })

private data class Sequence(val size: Int, val onLoop: Boolean, val appending: Boolean, val steps: List<FileStep>) {
    suspend fun compare(ring: Ring, pool: dev.ringflow.buffer.BufferPool, path: Path, mirror: Path) {
        val options = if (appending) arrayOf(APPEND) else arrayOf(READ, WRITE)
        ring.openFile(path, *options).use { file ->
            JdkFile(mirror, appending).use { jdk ->
                steps.forEachIndexed { index, step ->
                    val expected = step.onJdk(jdk)
                    val actual = step.onRing(file, pool)
                    if (actual != expected) {
                        throw AssertionError(
                            "Step $index, $step: the JDK has $expected, the ring has $actual, in $this"
                        )
                    }
                }
                file.closeAndJoin()
            }
        }
        val difference = Files.mismatch(path, mirror)
        if (difference >= 0) throw AssertionError("The files differ at $difference after $this")
    }
}

private fun sequences(ring: Ring, appending: Boolean): Arb<Sequence> = arbitrary { source ->
    val random = source.random
    val make = if (appending) writingSteps(ring) else readingSteps + writingSteps(ring) + ownPosition
    Sequence(
        random.nextInt(30_000),
        random.nextBoolean(),
        appending,
        List(random.nextInt(1, 40)) {
            make[random.nextInt(make.size)](random)
        }
    )
}

private typealias StepMaker = (Random) -> FileStep

private val readingSteps = listOf<StepMaker>(
    { FileStep.Read(it.nextPosition(), it.nextMemory(false), it.nextBoolean()) },
    { FileStep.Read(it.nextPosition(), it.nextMemory(false), it.nextBoolean()) },
    { FileStep.Scatter(it.nextPosition(), it.nextMemories(false), it.nextBoolean()) }
)

private val ownPosition = listOf<StepMaker>(
    { FileStep.Read(null, it.nextMemory(false), it.nextBoolean()) },
    { FileStep.Write(null, it.nextMemory(true), it.nextBoolean()) }
)

private fun writingSteps(ring: Ring): List<StepMaker> = listOfNotNull<StepMaker>(
    { FileStep.Write(it.nextPosition(), it.nextMemory(true), it.nextBoolean()) },
    { FileStep.Write(it.nextPosition(), it.nextMemory(true), it.nextBoolean()) },
    { FileStep.Write(null, it.nextMemory(true), it.nextBoolean()) },
    { FileStep.Gather(it.nextPosition(), it.nextMemories(true), it.nextBoolean()) },
    { FileStep.Append(it.nextMemory(true)) },
    { FileStep.Truncate(it.nextLong(FARTHEST)) },
    { FileStep.Sync(it.nextBoolean()) },
    { FileStep.Size },
    ring.ifHas(OpCode.ALLOCATE) { FileStep.Allocate(it.nextPosition(), it.nextLong(1, 50_000), it.nextBoolean()) },
    ring.ifHas(OpCode.PUNCH_HOLE) { FileStep.PunchHole(it.nextPosition(), it.nextLong(1, 50_000)) }
)

private fun Ring.ifHas(code: OpCode, maker: StepMaker): StepMaker? =
    maker.takeIf { capabilities().support(code) != Support.NONE }

/** Mostly where something is, often on the edges of blocks. */
private fun Random.nextPosition(): Long = when (nextInt(5)) {
    0 -> 0L
    1 -> nextLong(8) * 4096
    2 -> nextLong(FARTHEST)
    else -> nextLong(30_000)
}

private fun Random.nextMemory(filled: Boolean, kinds: Int = Memory.Kind.entries.size): Memory {
    val length = when (nextInt(6)) {
        0 -> nextInt(2)
        1 -> 4096 * nextInt(1, 5)
        2 -> nextInt(LARGEST)
        else -> nextInt(1000)
    }
    return Memory(Memory.Kind.entries[nextInt(kinds)], length, if (filled) nextInt() else null)
}

private fun Random.nextMemories(filled: Boolean): List<Memory> =
    List(nextInt(6)) { nextMemory(filled, kinds = Memory.Kind.POOLED.ordinal) }
