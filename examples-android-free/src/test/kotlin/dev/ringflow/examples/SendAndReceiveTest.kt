package dev.ringflow.examples

import io.kotest.core.spec.style.FunSpec
import io.kotest.engine.spec.tempdir
import io.kotest.matchers.collections.shouldContainExactly
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain
import java.io.BufferedReader
import java.nio.file.Files
import java.nio.file.Path
import java.util.concurrent.TimeUnit
import kotlin.io.path.readBytes
import kotlin.io.path.writeText

/** `send` in this process, to a `receive` in one of its own. */
class SendAndReceiveTest :
    FunSpec({
        val directory = tempdir().toPath()
        var number = 0

        fun place(): Path = Files.createDirectory(directory.resolve("${number++}"))

        class Receiver(place: Path, vararg args: String) : AutoCloseable {
            val process = ProcessBuilder(javaCommand() + "receive" + "--port" + "0" + args + "$place")
                .redirectErrorStream(true).start()
            val out: BufferedReader = process.inputReader()
            val address = "127.0.0.1:" + out.readLine().substringAfter(" on 127.0.0.1:").substringBefore(' ')

            fun end(): String {
                val printed = out.readText()
                check(process.waitFor(60, TimeUnit.SECONDS))
                return printed
            }

            override fun close() {
                process.destroyForcibly().waitFor()
            }
        }

        for (driver in drivers()) {
            test("$driver: files of all sizes arrive, one after the other over one connection") {
                val (from, to) = place() to place()
                val files = listOf(0, 1, 4095, 262_144, 3_000_001).map { file(from, "of $it", it) }
                Receiver(to, "--driver", driver, "--count", "${files.size}").use { receiver ->
                    val names = files.map { "$it" }.toTypedArray()
                    val sent = inProcess("send", "--driver", driver, receiver.address, *names)
                    sent.err shouldBe ""
                    sent.code shouldBe OK
                    val received = receiver.end()
                    received.lines().filter { "tree" in it } shouldBe sent.out.lines().filter { "tree" in it }
                    receiver.process.exitValue() shouldBe OK
                }
                names(to) shouldContainExactly names(from)
                files.forEach { to.resolve(it.fileName).readBytes() shouldBe it.readBytes() }
            }

            test("$driver: a sender that is killed leaves what it sent, and the next one sends the rest") {
                val (from, to) = place() to place()
                val source = file(from, "source", 16 shl 20)
                Receiver(to, "--driver", driver, "--count", "1").use { receiver ->
                    val slow = arrayOf("--chunk", "4k", "--depth", "1")
                    val sender = start("send", "--driver", driver, *slow, receiver.address, "$source")
                    await("some of it") { unfinished(to).sumOf { Files.size(it) } > 0 || !sender.isAlive }
                    sender.destroyForcibly().waitFor()
                    if (!Files.exists(to.resolve("source"))) {
                        inProcess("send", "--driver", driver, *slow, receiver.address, "$source").code shouldBe OK
                    }
                    receiver.end()
                }
                to.resolve("source").readBytes() shouldBe source.readBytes()
                names(to) shouldContainExactly listOf("source")
            }
        }

        test("a name that is taken is refused, and the sender is told") {
            val (from, to) = place() to place()
            to.resolve("source").writeText("mine")
            Receiver(to).use { receiver ->
                val sent = inProcess("send", receiver.address, "${file(from, "source", 10)}")
                sent.code shouldBe FAILED
                sent.err shouldContain "did not take the file"
                inProcess("send", receiver.address, "${file(from, "other", 10)}").code shouldBe OK
            }
            to.resolve("source").readBytes().decodeToString() shouldBe "mine"
        }

        test("nobody receives") {
            val port = java.net.ServerSocket(0).use { it.localPort }
            val outcome = inProcess("send", "127.0.0.1:$port", "${file(place(), "source", 10)}")
            outcome.code shouldBe FAILED
            outcome.err shouldContain "nobody receives there"
        }
    })
