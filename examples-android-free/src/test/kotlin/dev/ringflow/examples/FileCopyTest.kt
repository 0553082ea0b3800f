package dev.ringflow.examples

import dev.ringflow.Ring
import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.spec.style.FunSpec
import io.kotest.engine.spec.tempdir
import io.kotest.matchers.collections.shouldContainExactly
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain
import kotlinx.coroutines.CancellationException
import kotlinx.coroutines.cancel
import kotlinx.coroutines.coroutineScope
import java.io.RandomAccessFile
import java.nio.file.Files
import java.nio.file.NoSuchFileException
import java.nio.file.Path
import java.nio.file.StandardOpenOption.APPEND
import java.nio.file.StandardOpenOption.WRITE
import java.nio.file.attribute.FileTime
import java.nio.file.attribute.PosixFilePermissions
import java.time.Instant
import kotlin.io.path.readBytes
import kotlin.io.path.readText
import kotlin.io.path.writeText

private const val KIB = 1024

/** Does something at a certain moment of a copy, once. */
private class At(private val phase: FileCopy.Phase?, private val action: () -> Unit) : FileCopy.Listener {
    private var done = false

    override fun begins(phase: FileCopy.Phase, size: Long) {
        if (phase == this.phase) once()
    }

    override fun advanced(bytes: Long) {
        if (phase == null) once()
    }

    private fun once() {
        if (!done) {
            done = true
            action()
        }
    }
}

class FileCopyTest :
    FunSpec({
        val directory = tempdir().toPath()
        val past = Instant.parse("2001-02-03T04:05:06Z")
        var number = 0

        fun place(): Path = Files.createDirectory(directory.resolve("${number++}"))

        fun copy(
            ring: Ring,
            source: Path,
            target: Path,
            overwrite: Boolean = false,
            listener: FileCopy.Listener = FileCopy.Listener.None
        ) = runOnRing(ring) { FileCopy(ring, 4 * KIB, 3, overwrite, listener).copy(source, target) }

        for (driver in drivers()) {
            val ring = openRing(driver)
            afterSpec { ring.close() }

            for (size in listOf(0, 1, 4095, 256 * KIB - 1, 256 * KIB, 256 * KIB + 1, 10 * KIB * KIB)) {
                test("$driver: $size bytes arrive whole") {
                    val place = place()
                    val source = file(place, "source", size)
                    val result = runOnRing(ring) { FileCopy(ring).copy(source, place.resolve("copy")) }
                    place.resolve("copy").readBytes() shouldBe source.readBytes()
                    result.size shouldBe size.toLong()
                    result.sha256 shouldBe sha256(source)
                    result.directoryIsDurable shouldBe true
                    names(place) shouldContainExactly listOf("copy", "source")
                }
            }

            for ((chunk, depth) in listOf(1 to 7, 511 to 1, 4096 to 64)) {
                test("$driver: chunks of $chunk bytes, $depth of them in flight") {
                    val place = place()
                    val source = file(place, "source", 20_001)
                    val result = runOnRing(ring) { FileCopy(ring, chunk, depth).copy(source, place.resolve("copy")) }
                    place.resolve("copy").readBytes() shouldBe source.readBytes()
                    result.sha256 shouldBe sha256(source)
                }
            }

            test("$driver: permissions and time of change are kept") {
                val place = place()
                val source = file(place, "source", 100)
                Files.setPosixFilePermissions(source, PosixFilePermissions.fromString("r-x-w-r--"))
                Files.setLastModifiedTime(source, FileTime.from(past))
                copy(ring, source, place.resolve("copy"))
                PosixFilePermissions.toString(Files.getPosixFilePermissions(place.resolve("copy"))) shouldBe "r-x-w-r--"
                Files.getLastModifiedTime(place.resolve("copy")).toInstant() shouldBe past
            }

            test("$driver: while it is unfinished nobody else can read it") {
                val place = place()
                var seen = ""
                val listener = At(null) {
                    seen = PosixFilePermissions.toString(Files.getPosixFilePermissions(unfinished(place).single()))
                }
                copy(ring, file(place, "source", 100_000), place.resolve("copy"), listener = listener)
                seen shouldBe "rw-------"
            }

            test("$driver: an existing target is refused and stays as it was") {
                val place = place()
                val target = place.resolve("target").apply { writeText("before") }
                val failure = shouldThrow<UserFailure> { copy(ring, file(place, "source", 9), target) }
                failure.message shouldContain "--force"
                target.readText() shouldBe "before"
                names(place) shouldContainExactly listOf("source", "target")
            }

            test("$driver: an existing target is replaced if that is wanted") {
                val place = place()
                val source = file(place, "source", 9)
                val target = place.resolve("target").apply { writeText("before") }
                copy(ring, source, target, overwrite = true)
                target.readBytes() shouldBe source.readBytes()
            }

            test("$driver: a target that comes in meanwhile is not replaced") {
                val place = place()
                val target = place.resolve("target")
                val listener = At(FileCopy.Phase.VERIFY) { target.writeText("somebody else's") }
                shouldThrow<UserFailure> { copy(ring, file(place, "source", 9), target, listener = listener) }
                target.readText() shouldBe "somebody else's"
                names(place) shouldContainExactly listOf("source", "target")
            }

            test("$driver: into a directory, under the name of the source") {
                val place = place()
                val inside = Files.createDirectory(place.resolve("inside"))
                copy(ring, file(place, "source", 9), inside).target shouldBe inside.resolve("source")
                names(inside) shouldContainExactly listOf("source")
            }

            test("$driver: through a symbolic link, which stays one") {
                val place = place()
                val source = file(place, "source", 9)
                val target = place.resolve("target").apply { writeText("before") }
                val link = Files.createSymbolicLink(place.resolve("link"), Path.of("target"))
                copy(ring, source, link, overwrite = true)
                Files.isSymbolicLink(link) shouldBe true
                target.readBytes() shouldBe source.readBytes()
            }

            test("$driver: a file that shrinks meanwhile") {
                val place = place()
                val source = file(place, "source", 100_000)
                val listener = At(null) { RandomAccessFile(source.toFile(), "rw").use { it.setLength(20_000) } }
                val failure = shouldThrow<UserFailure> { copy(ring, source, place.resolve("copy"), false, listener) }
                failure.message shouldContain "shrank from 100000 to 20000 bytes while it was being copied"
                names(place) shouldContainExactly listOf("source")
            }

            test("$driver: a file that grows meanwhile") {
                val place = place()
                val source = file(place, "source", 100_000)
                val listener = At(null) { Files.write(source, byteArrayOf(1), APPEND) }
                val failure = shouldThrow<UserFailure> { copy(ring, source, place.resolve("copy"), false, listener) }
                failure.message shouldContain "grew beyond the 100000 bytes"
                names(place) shouldContainExactly listOf("source")
            }

            test("$driver: a file that is written to meanwhile") {
                val place = place()
                val source = file(place, "source", 100_000)
                Files.setLastModifiedTime(source, FileTime.from(past))
                val listener = At(null) { Files.write(source, byteArrayOf(1), WRITE) }
                val failure = shouldThrow<UserFailure> { copy(ring, source, place.resolve("copy"), false, listener) }
                failure.message shouldContain "was written to while it was being copied"
                names(place) shouldContainExactly listOf("source")
            }

            test("$driver: a copy that differs is found out and removed") {
                val place = place()
                val listener = At(FileCopy.Phase.VERIFY) {
                    RandomAccessFile(unfinished(place).single().toFile(), "rw").use {
                        it.seek(50_000)
                        it.write(it.read().inv().also { _ -> it.seek(50_000) })
                    }
                }
                val failure = shouldThrow<UserFailure> {
                    copy(ring, file(place, "source", 100_000), place.resolve("copy"), listener = listener)
                }
                failure.message shouldContain "differs from it"
                names(place) shouldContainExactly listOf("source")
            }

            test("$driver: a copy that is cancelled leaves nothing") {
                val place = place()
                val source = file(place, "source", 100_000)
                shouldThrow<CancellationException> {
                    runOnRing(ring) {
                        coroutineScope {
                            val copy = FileCopy(ring, 4 * KIB, 3, listener = At(null) { cancel() })
                            copy.copy(source, place.resolve("copy"))
                        }
                    }
                }
                names(place) shouldContainExactly listOf("source")
            }

            test("$driver: a ring serves on after failures") {
                val place = place()
                val missing = place.resolve("missing")
                repeat(20) { shouldThrow<NoSuchFileException> { copy(ring, missing, place.resolve("copy")) } }
                copy(ring, file(place, "source", 5), place.resolve("copy"))
                ring.metrics().openHandles() shouldBe 0
                ring.metrics().inFlight() shouldBe 0
            }
        }
    })
