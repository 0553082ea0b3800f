package dev.ringflow.examples.guide

import dev.ringflow.coroutines.connect
import dev.ringflow.coroutines.dispatcher
import dev.ringflow.coroutines.listen
import dev.ringflow.coroutines.readChannel
import dev.ringflow.coroutines.writeChannel
import dev.ringflow.examples.drivers
import dev.ringflow.examples.openRing
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.shouldBe
import kotlinx.coroutines.launch
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.withTimeout
import java.net.DatagramPacket
import java.net.DatagramSocket
import java.net.InetAddress
import java.net.InetSocketAddress
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.Duration.Companion.seconds

class ServingTest :
    FunSpec({
        val loopback = InetSocketAddress("127.0.0.1", 0)

        for (driver in drivers()) {
            test("$driver: the server of the guide sends back, and stops when its socket is closed") {
                openRing(driver).use { ring ->
                    runBlocking(ring.dispatcher) {
                        withTimeout(30.seconds) {
                            val server = ring.listen(loopback)
                            val serving = launch { serveEcho(server) }
                            ring.connect(server.localAddress()).use { socket ->
                                socket.writeChannel().run {
                                    writeString("to and fro")
                                    flush()
                                }
                                socket.readChannel().readString(10) shouldBe "to and fro"
                            }
                            server.closeAsync()
                            serving.join()
                        }
                    }
                }
            }

            test("$driver: lines are answered by lines") {
                openRing(driver).use { ring ->
                    runBlocking(ring.dispatcher) {
                        withTimeout(30.seconds) {
                            val server = ring.listen(loopback)
                            val serving = launch { serveLines(server, String::reversed) }
                            ring.connect(server.localAddress()).use { socket ->
                                val output = socket.writeChannel()
                                val input = socket.readChannel()
                                for (line in listOf("abc", "", "ring")) {
                                    output.writeLine(line)
                                    output.flush()
                                    input.readLine() shouldBe line.reversed()
                                }
                                server.closeAsync()
                                input.readLine() shouldBe null
                            }
                            serving.join()
                        }
                    }
                }
            }

            test("$driver: datagrams come back to where they came from") {
                openRing(driver).use { ring ->
                    runBlocking(ring.dispatcher) {
                        ring.bindTo(loopback).use { socket ->
                            val answering = launch { answerDatagrams(socket) }
                            val port = socket.localPort()
                            kotlinx.coroutines.withContext(kotlinx.coroutines.Dispatchers.IO) {
                                DatagramSocket().use { client ->
                                    client.soTimeout = 30_000
                                    val bytes = "datagram".encodeToByteArray()
                                    client.send(
                                        DatagramPacket(bytes, bytes.size, InetAddress.getByName("127.0.0.1"), port)
                                    )
                                    val answer = DatagramPacket(ByteArray(100), 100)
                                    client.receive(answer)
                                    answer.data.copyOf(answer.length).decodeToString() shouldBe "datagram"
                                }
                            }
                            answering.cancel()
                        }
                    }
                }
            }

            test("$driver: a clock ticks as often as it should") {
                openRing(driver).use { ring ->
                    runBlocking(ring.dispatcher) {
                        var beats = 0
                        ring.beat(5.milliseconds, 7) { beats++ }
                        beats shouldBe 7
                    }
                }
            }
        }
    })
