package dev.ringflow.coroutines

import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.shouldBe
import kotlinx.coroutines.CancellationException
import kotlinx.coroutines.async
import kotlinx.coroutines.cancelAndJoin
import kotlinx.coroutines.launch
import java.nio.channels.ClosedChannelException
import java.nio.channels.FileChannel
import java.nio.channels.NonWritableChannelException
import java.nio.channels.OverlappingFileLockException
import java.nio.file.Path
import java.nio.file.StandardOpenOption.READ
import java.nio.file.StandardOpenOption.WRITE

class FileLocksSpec :
    FunSpec({
        onEachDriver {
            test("waits for the lock of another program, and meets no other part of the file") { ring ->
                withTempFile(bytes(100)) { path ->
                    ring.openFile(path, READ, WRITE).use { file ->
                        HoldingProgram(path).use { other ->
                            file.tryLock(0, 10) shouldBe null
                            val waiting = async { file.lock(0, 50) }
                            file.tryLock(50, 10, shared = true)!!.use { it.isShared shouldBe true }
                            waiting.isCompleted shouldBe false
                            other.letsGo()
                            waiting.await().use { held ->
                                held.position() shouldBe 0
                                held.size() shouldBe 50
                                held.isShared shouldBe false
                                shouldThrow<OverlappingFileLockException> { file.lock(5, 1) }
                            }
                            file.lock().use { it.size() shouldBe Long.MAX_VALUE }
                        }
                    }
                }
            }

            test("whoever is cancelled goes at once, and holds no lock afterwards") { ring ->
                withTempFile(bytes(100)) { path ->
                    ring.openFile(path, READ, WRITE).use { file ->
                        HoldingProgram(path).use { other ->
                            var told: Throwable? = null
                            val waiting = launch {
                                try {
                                    file.lock(0, 10)
                                } catch (e: CancellationException) {
                                    told = e
                                }
                            }
                            until("it waits") { someThreadWaitsForALock() }
                            waiting.cancelAndJoin()
                            (told is CancellationException) shouldBe true
                            other.letsGo()
                            until("the lock is given up") {
                                try {
                                    file.tryLock(0, 10)?.close() != null
                                } catch (_: OverlappingFileLockException) {
                                    false
                                }
                            }
                        }
                    }
                }
            }

            test("wrong calls and closed files fail") { ring ->
                withTempFile(bytes(100)) { path ->
                    val file = ring.openFile(path, READ)
                    shouldThrow<NonWritableChannelException> { file.lock() }
                    shouldThrow<IllegalArgumentException> { file.lock(-1, 1) }
                    shouldThrow<IllegalArgumentException> { file.tryLock(0, 0) }
                    file.lock(shared = true).close()
                    file.closeAndJoin()
                    shouldThrow<ClosedChannelException> { file.lock(shared = true) }
                }
            }
        }
    })

private fun someThreadWaitsForALock() = Thread.getAllStackTraces().any { (thread, frames) ->
    thread.name.startsWith("ringflow-lock-") && frames.any { it.methodName == "lock" }
}

/** Another program, which locks the first ten bytes of a file until it is told to let go. */
private class HoldingProgram(path: Path) : AutoCloseable {
    private val process = ProcessBuilder(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "-XX:+UseSerialGC",
        "-cp",
        System.getProperty("surefire.test.class.path") ?: System.getProperty("java.class.path"),
        FileLockHolding::class.java.name,
        path.toString()
    ).redirectError(ProcessBuilder.Redirect.INHERIT).start()
    private val said = process.inputReader()

    init {
        said.readLine() shouldBe "locked"
    }

    fun letsGo() {
        process.outputStream.write('\n'.code)
        process.outputStream.flush()
        said.readLine() shouldBe "given up"
    }

    override fun close() {
        process.destroyForcibly()
    }
}

internal object FileLockHolding {
    @JvmStatic
    fun main(arguments: Array<String>) {
        FileChannel.open(Path.of(arguments[0]), WRITE).use { file ->
            file.lock(0, 10, false).use {
                println("locked")
                System.`in`.read()
            }
            println("given up")
        }
    }
}
