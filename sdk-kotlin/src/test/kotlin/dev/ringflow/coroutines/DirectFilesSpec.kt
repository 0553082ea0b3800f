package dev.ringflow.coroutines

import dev.ringflow.OperationTimeoutException
import dev.ringflow.Ring
import dev.ringflow.Support
import dev.ringflow.file.DirectFile
import dev.ringflow.file.RingOpenOption.DIRECT_IO
import dev.ringflow.spi.OpCode
import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.shouldBe
import kotlinx.coroutines.CancellationException
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.Job
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.ensureActive
import kotlinx.coroutines.launch
import kotlinx.coroutines.withContext
import java.nio.ByteBuffer
import java.nio.channels.NonWritableChannelException
import java.nio.file.FileSystemException
import java.nio.file.Files
import java.nio.file.OpenOption
import java.nio.file.Path
import java.nio.file.StandardOpenOption.READ
import java.nio.file.StandardOpenOption.WRITE
import kotlin.time.Duration
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.Duration.Companion.seconds

class DirectFilesSpec :
    FunSpec({
        onEachDriver {
            test("direct files take any position, length and buffer") { ring ->
                withTempFile(bytes(20_000)) { path ->
                    val file = ring.openDirect(path, READ, WRITE)
                    file.size() shouldBe 20_000
                    val some = ByteBuffer.allocate(5000)
                    file.read(some, 511) shouldBe 5000
                    some.filled() shouldBe bytes(20_000).copyOfRange(511, 5511)
                    file.read(some.clear(), 20_000) shouldBe -1
                    coroutineScope {
                        repeat(20) { i -> launch { file.write(direct(ByteArray(7) { i.toByte() }), 100L + 7 * i) } }
                    }
                    file.write(ByteBuffer.wrap(bytes(10)), 25_000) shouldBe 10
                    file.truncate(25_005)
                    file.closeAndJoin()
                    file.file().isOpen shouldBe false
                    Files.readAllBytes(path) shouldBe ByteArray(25_005).also { all ->
                        bytes(20_000).copyInto(all)
                        for (i in 0 until 140) all[100 + i] = (i / 7).toByte()
                        bytes(10).copyInto(all, 25_000, 0, 5)
                    }
                }
            }

            test("direct files keep whoever is cancelled until the kernel has let go of the buffer") { ring ->
                withTempFile(bytes(3_000_000)) { path ->
                    ring.openDirect(path, READ).use { file ->
                        val buffer = ByteBuffer.allocateDirect(3_000_000)
                        var bytesRead = 0
                        val reading = launch {
                            coroutineContext[Job]?.cancel()
                            bytesRead = file.read(buffer, 0)
                            ensureActive()
                        }
                        reading.join()
                        reading.isCancelled shouldBe true
                        bytesRead shouldBe 3_000_000
                        buffer.filled() shouldBe bytes(3_000_000)
                    }
                    ring.openDirect(path, READ).use { file ->
                        shouldThrow<NonWritableChannelException> { file.write(direct(bytes(1)), 0) }
                        shouldThrow<IllegalArgumentException> { file.read(ByteBuffer.allocate(1), -1) }
                    }
                }
            }

            test("operations of a view may take only so long") { ring ->
                withTempFile(bytes(100)) { path ->
                    ring.openFile(path, READ, WRITE).use { file ->
                        val patient = file.withTimeout(60.seconds)
                        val buffer = ByteBuffer.allocateDirect(100)
                        patient.readFully(buffer, 0) shouldBe 100
                        buffer.filled() shouldBe bytes(100)
                        file.withTimeout(Duration.INFINITE).size() shouldBe 100
                        shouldThrow<IllegalArgumentException> { file.withTimeout(Duration.ZERO) }
                        shouldThrow<IllegalArgumentException> { file.withTimeout((-1).seconds) }
                        patient.closeAndJoin()
                        file.isOpen shouldBe false
                    }
                }
            }

            test("a read of a view that nothing comes for is a failure, and no cancellation") { ring ->
                if (ring.capabilities().support(OpCode.READ) == Support.NATIVE) {
                    val pipe = Files.createTempDirectory("ringflow").resolve("pipe")
                    withContext(Dispatchers.IO) { ProcessBuilder("mkfifo", pipe.toString()).start().waitFor() } shouldBe
                        0
                    ring.openFile(pipe, READ, WRITE).use { file ->
                        val buffer = ByteBuffer.allocateDirect(8)
                        val thrown: Throwable = shouldThrow<OperationTimeoutException> {
                            file.withTimeout(50.milliseconds).read(buffer)
                        }
                        (thrown is CancellationException) shouldBe false
                        file.write(direct(bytes(3)))
                        file.withTimeout(60.seconds).read(buffer) shouldBe 3
                    }
                    Files.delete(pipe)
                    Files.delete(pipe.parent)
                }
            }
        }
    })

/** Direct where the file system can; otherwise the class has to work all the same. */
private suspend fun Ring.openDirect(path: Path, vararg options: OpenOption): DirectFile = try {
    openFile(path, *options, DIRECT_IO).asDirectFile()
} catch (e: FileSystemException) {
    if ("no direct I/O" !in e.message.orEmpty()) throw e
    openFile(path, *options).asDirectFile()
}
