package dev.ringflow.examples

import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain
import java.net.Socket
import java.util.concurrent.TimeUnit

class EchoCommandTest :
    FunSpec({
        for (driver in drivers()) {
            test("$driver: clients of the JDK, one of which breaks off, and SIGTERM at the end") {
                val process = start("echo", "--port", "0", "--driver", driver)
                try {
                    val out = process.inputStream.bufferedReader()
                    val listening = out.readLine()
                    listening shouldContain "with driver $driver"
                    val port = Regex(":(\\d+) ").find(listening)!!.groupValues[1].toInt()
                    val sent = content(1_000_000)
                    Socket("127.0.0.1", port).use { patient ->
                        Socket("127.0.0.1", port).use { rude ->
                            rude.getOutputStream().write(sent, 0, 300_000)
                            rude.setSoLinger(true, 0) // closing resets the connection
                        }
                        Thread { patient.getOutputStream().write(sent) }.start()
                        patient.getInputStream().readNBytes(sent.size) shouldBe sent
                        patient.shutdownOutput()
                        patient.getInputStream().read() shouldBe -1
                    }
                    Socket("127.0.0.1", port).use { last ->
                        last.getOutputStream().write(1)
                        last.getInputStream().read() shouldBe 1
                    }
                    process.toHandle().destroy() // unlike destroy(), it leaves the output to be read
                    process.waitFor(30, TimeUnit.SECONDS) shouldBe true
                    out.readText() shouldContain Regex("3 connections \\(\\d open, 1 failed\\), .* sent back")
                } finally {
                    process.destroyForcibly()
                }
            }
        }
    })
