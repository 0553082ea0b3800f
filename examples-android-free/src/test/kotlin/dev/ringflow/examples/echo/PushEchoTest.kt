package dev.ringflow.examples.echo

import dev.ringflow.examples.content
import dev.ringflow.examples.drivers
import dev.ringflow.examples.needs
import dev.ringflow.examples.openRing
import io.kotest.core.spec.style.FunSpec
import io.kotest.engine.spec.tempdir
import io.kotest.matchers.shouldBe
import java.net.InetSocketAddress
import java.net.Socket
import java.nio.file.Files
import kotlin.concurrent.thread

class PushEchoTest :
    FunSpec({
        for (driver in drivers()) {
            test("$driver: a client that sends much before it reads has all of it back") {
                openRing(driver).use { ring ->
                    PushEcho(ring, InetSocketAddress("127.0.0.1", 0)).use { echo ->
                        val bytes = content(30_000_000)
                        Socket("127.0.0.1", echo.port()).use { socket ->
                            socket.soTimeout = 30_000
                            val sending = thread {
                                socket.getOutputStream().write(bytes)
                                socket.shutdownOutput()
                            }
                            socket.getInputStream().readAllBytes().contentEquals(bytes) shouldBe true
                            sending.join()
                        }
                    }
                }
            }

            test("$driver: nc has its own words back")
                .config(enabledOrReasonIf = { needs("sh", "-c", "command -v nc") }) {
                    openRing(driver).use { ring ->
                        PushEcho(ring, InetSocketAddress("127.0.0.1", 0)).use { echo ->
                            val words = tempdir().toPath().resolve("words")
                            Files.write(words, content(300_000))
                            val nc = ProcessBuilder("nc", "-N", "127.0.0.1", "${echo.port()}")
                                .redirectInput(words.toFile()).start()
                            nc.inputStream.readAllBytes().contentEquals(content(300_000)) shouldBe true
                            nc.waitFor() shouldBe 0
                        }
                    }
                }
        }
    })
