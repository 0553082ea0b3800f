package dev.ringflow.examples

import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.longs.shouldBeInRange
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain
import java.util.concurrent.TimeUnit

class PacketsCommandTest :
    FunSpec({
        fun number(json: String, name: String) = Regex("\"$name\": ([\\d.]+)").find(json)!!.groupValues[1].toDouble()

        val slow = arrayOf("--count", "500", "--warm-up", "10", "--rate", "2000")

        for (driver in drivers()) {
            test("$driver: packets from this process to itself, as JSON") {
                val outcome = inProcess("packets", "--json", "--driver", driver, "--size", "100", *slow)
                outcome.code shouldBe OK
                number(outcome.out, "sent") shouldBe 500.0
                number(outcome.out, "received").toLong() shouldBeInRange 1L..500L
                number(outcome.out, "lost") shouldBe 500.0 - number(outcome.out, "received")
                outcome.out shouldContain "\"p999\": "
                outcome.out shouldContain "\"driver\": \"$driver\""
            }

            test("$driver: two queues, for people") {
                val outcome = inProcess("packets", "udp", "--driver", driver, "--queues", "2", *slow)
                outcome.code shouldBe OK
                outcome.out shouldContain "2 queue(s)"
                outcome.out shouldContain Regex("received  \\d+: [\\d,]+ packets/s")
                outcome.out shouldContain "latency   one way: p50 "
            }

            test("$driver: a process that sends everything back, and SIGTERM at the end") {
                val process = start("packets", "--listen", "127.0.0.1:0", "--driver", driver)
                try {
                    val out = process.inputStream.bufferedReader()
                    val listening = out.readLine()
                    listening shouldContain "with driver $driver"
                    val port = Regex(":(\\d+) ").find(listening)!!.groupValues[1]
                    val outcome = inProcess("packets", "--to", "127.0.0.1:$port", "--driver", driver, *slow)
                    outcome.code shouldBe OK
                    outcome.out shouldContain "latency   there and back: p50 "
                    process.toHandle().destroy()
                    process.waitFor(30, TimeUnit.SECONDS) shouldBe true
                    out.readText() shouldContain Regex("\\d+ packets received, \\d+ sent back")
                } finally {
                    process.destroyForcibly()
                }
            }
        }

        test("raw packets are unknown to the driver nio") {
            val outcome = inProcess("packets", "ip", "--driver", "nio", *slow)
            outcome.code shouldBe FAILED
            outcome.err shouldContain "not supported by the driver nio"
        }

        for (kind in listOf("ip", "link")) {
            test("$kind: over the loopback interface, with the privilege") {
                val outcome = inProcess("packets", kind, *slow)
                if (outcome.code == OK) {
                    outcome.out shouldContain "sent      500 of 64 bytes"
                } else {
                    outcome.err shouldContain Regex("CAP_NET_RAW|not supported by the driver nio")
                }
            }
        }

        test("what makes no sense is told") {
            inProcess("packets", "--to", "127.0.0.1:1", "--listen", "127.0.0.1:1").code shouldBe FAILED
            inProcess("packets", "ip", "--to", "127.0.0.1:1").err shouldContain "for udp"
            inProcess("packets", "--size", "15").code shouldBe USAGE
            inProcess("packets", "smoke").code shouldBe USAGE
        }
    })
