package dev.ringflow.examples.udp

import dev.ringflow.examples.drivers
import dev.ringflow.examples.openRing
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.longs.shouldBeGreaterThan
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain
import java.net.DatagramPacket
import java.net.DatagramSocket
import java.net.InetAddress
import java.net.InetSocketAddress
import java.time.Duration

class UdpPingTest :
    FunSpec({
        for (driver in drivers()) {
            test("$driver: every question has its answer, and takes its time") {
                openRing(driver).use { ring ->
                    UdpEcho(ring, InetSocketAddress("127.0.0.1", 0)).use { echo ->
                        val to = InetSocketAddress("127.0.0.1", echo.port())
                        val result = UdpPing.ping(ring, to, 200, Duration.ofSeconds(20))
                        result.lost() shouldBe 0
                        result.percentile(0.0) shouldBeGreaterThan 0
                        result.toString() shouldContain "200 sent, 0 lost"
                    }
                }
            }

            test("$driver: the server answers a client of the JDK") {
                openRing(driver).use { ring ->
                    UdpEcho(ring, InetSocketAddress("127.0.0.1", 0)).use { echo ->
                        DatagramSocket().use { client ->
                            client.soTimeout = 30_000
                            for (size in listOf(0, 1, 1400, 20_000)) {
                                val bytes = dev.ringflow.examples.content(size)
                                client.send(
                                    DatagramPacket(bytes, size, InetAddress.getByName("127.0.0.1"), echo.port())
                                )
                                val answer = DatagramPacket(ByteArray(65_535), 65_535)
                                client.receive(answer)
                                answer.data.copyOf(answer.length) shouldBe bytes
                            }
                        }
                    }
                }
            }

            test("$driver: answers that never come are counted, and late ones are not mistaken") {
                openRing(driver).use { ring ->
                    DatagramSocket(0, InetAddress.getByName("127.0.0.1")).use { silent ->
                        val to = InetSocketAddress("127.0.0.1", silent.localPort)
                        UdpPing.ping(ring, to, 3, Duration.ofMillis(20)).lost() shouldBe 3
                    }
                }
            }
        }
    })
