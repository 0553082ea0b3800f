package dev.ringflow.examples.chat

import dev.ringflow.examples.drivers
import dev.ringflow.examples.start
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain
import java.io.BufferedReader
import java.net.Socket
import java.util.concurrent.TimeUnit

class ChatCommandTest :
    FunSpec({
        for (driver in drivers()) {
            test("$driver: everybody hears what anybody says, and who comes and goes") {
                chatting(driver) { port ->
                    Talker(port).use { ann ->
                        ann.hears() shouldBe "Your name?"
                        ann.says("!!")
                        ann.hears() shouldContain "1 to 20 letters"
                        ann.says("Ann")
                        ann.hears() shouldBe "Welcome, Ann: 1 here"
                        Talker(port).use { bob ->
                            bob.says("Ann") // a name for two
                            bob.hears() shouldBe "Your name?"
                            bob.hears() shouldBe "Ann is here already. Your name?"
                            bob.says("Bob")
                            bob.hears() shouldBe "Welcome, Bob: 2 here"
                            ann.hears() shouldBe "Bob is here"
                            ann.says("hello")
                            bob.hears() shouldBe "Ann: hello"
                            ann.hears() shouldBe "Ann: hello"
                            bob.says("/who")
                            bob.hears() shouldBe "Ann Bob"
                            bob.says("/quit")
                            bob.hears() shouldBe null
                        }
                        ann.hears() shouldBe "Bob has left"
                    }
                }
            }

            test("$driver: somebody who does not read is shown out, and holds nobody up") {
                chatting(driver) { port ->
                    Talker(port).use { deaf ->
                        deaf.says("Deaf")
                        Talker(port).use { loud ->
                            loud.says("Loud")
                            loud.hears() shouldBe "Your name?"
                            loud.hears() shouldContain "Welcome, Loud"
                            val line = "x".repeat(900)
                            var left = false
                            var said = 0
                            while (!left) {
                                check(said++ < 100_000) { "nobody was shown out" }
                                loud.says(line)
                                var heard = loud.hears()
                                while (heard != "Loud: $line") {
                                    left = left || heard == "Deaf has left"
                                    heard = loud.hears()
                                }
                            }
                        }
                    }
                }
            }
        }
    })

private class Talker(port: Int) : AutoCloseable {
    private val socket = Socket("127.0.0.1", port).apply { soTimeout = 30_000 }
    private val reader: BufferedReader = socket.getInputStream().bufferedReader()

    fun says(line: String) = socket.getOutputStream().write("$line\r\n".encodeToByteArray())

    fun hears(): String? = reader.readLine()

    override fun close() = socket.close()
}

private fun chatting(driver: String, use: (Int) -> Unit) {
    val process = start("chat", "--port", "0", "--driver", driver)
    try {
        val out = process.inputStream.bufferedReader()
        use(Regex(":(\\d+) ").find(out.readLine())!!.groupValues[1].toInt())
        process.toHandle().destroy()
        process.waitFor(30, TimeUnit.SECONDS) shouldBe true
        out.readText() shouldContain "2 came by"
    } finally {
        process.destroyForcibly()
    }
}
