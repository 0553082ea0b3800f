package dev.ringflow.examples.guide

import dev.ringflow.Ring
import dev.ringflow.coroutines.openFile
import dev.ringflow.examples.content
import dev.ringflow.examples.drivers
import dev.ringflow.examples.file
import dev.ringflow.examples.onlyIf
import dev.ringflow.examples.openRing
import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.spec.style.FunSpec
import io.kotest.engine.spec.tempdir
import io.kotest.matchers.shouldBe
import kotlinx.coroutines.runBlocking
import java.io.IOException
import java.nio.ByteBuffer
import java.nio.file.Files
import java.nio.file.StandardOpenOption.READ
import java.nio.file.StandardOpenOption.WRITE
import java.util.zip.CRC32
import kotlin.io.path.readBytes
import kotlin.io.path.writeText

class StoringTest :
    FunSpec({
        val directory = tempdir().toPath()
        val source = file(directory, "source", 1_000_000)

        for (driver in drivers()) {
            fun onRing(block: suspend (Ring) -> Unit) = openRing(driver).use { ring -> runBlocking { block(ring) } }

            test("$driver: chunks, lines and writing from a flow") {
                onRing { ring ->
                    checksum(ring, source) shouldBe CRC32().also { it.update(source.readBytes()) }.value
                    val log = directory.resolve("log").apply { writeText("fine\nERROR one\nERROR two") }
                    errors(ring, log) shouldBe 2
                    duplicate(ring, source, directory.resolve("copy of $driver")) shouldBe 1_000_000
                    Files.mismatch(source, directory.resolve("copy of $driver")) shouldBe -1
                }
            }

            test("$driver: a pool, a chain, and a transfer") {
                onRing { ring ->
                    recordPool(ring).use { pool ->
                        ring.openFile(source, READ).use { firstByte(pool, it, 7) shouldBe content(1_000_000)[7 * 4096] }
                    }
                    val log = file(directory, "log of $driver", 0)
                    ring.openFile(log, WRITE).use { ring.commit(it, ByteBuffer.wrap(content(100)), 0) }
                    log.readBytes() shouldBe content(100)
                    backUp(ring, source, directory.resolve("back-up of $driver")).size() shouldBe 1_000_000
                }
            }

            test("$driver: a block past the page cache") {
                onRing { ring -> readBlock(ring, source, 3) shouldBe content(1_000_000)[3 * 4096] }
            }

            test("$driver: channels of the JDK") {
                onRing { ring ->
                    val text = directory.resolve("text").apply { writeText("one\ntwo") }
                    ChannelDoors.firstLine(ring, text) shouldBe "one"
                    ChannelDoors.firstBytes(ring, text, ByteBuffer.allocate(10)) shouldBe 7
                }
            }
        }

        test("uring: nothing outside the directory is opened").config(
            enabledOrReasonIf = { onlyIf("uring" in drivers(), "uring cannot be had here") }
        ) {
            openRing("uring").use { ring ->
                runBlocking {
                    val inside = Files.createDirectory(directory.resolve("inside"))
                    file(inside, "mine", 5)
                    Files.createSymbolicLink(inside.resolve("link"), source)
                    ring.openFile(inside, READ).use { opened ->
                        openUpload(ring, opened, "mine").close()
                        for (name in listOf("../source", "/etc/passwd", "link")) {
                            shouldThrow<IOException> { openUpload(ring, opened, name) }
                        }
                    }
                }
            }
        }

        test("a ring with every mode that there is") {
            quickRing().use { ring -> runBlocking { checksum(ring, source) } }
        }
    })
