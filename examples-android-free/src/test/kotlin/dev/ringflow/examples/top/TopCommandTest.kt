package dev.ringflow.examples.top

import dev.ringflow.examples.FAILED
import dev.ringflow.examples.OK
import dev.ringflow.examples.USAGE
import dev.ringflow.examples.drivers
import dev.ringflow.examples.inProcess
import dev.ringflow.examples.javaCommand
import dev.ringflow.examples.start
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldContainExactly
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain
import io.kotest.matchers.string.shouldMatch
import io.kotest.matchers.string.shouldNotContain
import java.net.Socket
import java.util.concurrent.TimeUnit

/** A server in a process of its own, whose rings are looked at while it serves. */
private fun serving(driver: String, body: (process: Process, port: Int) -> Unit) {
    val process = start("echo", "--port", "0", "--driver", driver)
    try {
        val listening = process.inputStream.bufferedReader().readLine()
        body(process, Regex(":(\\d+) ").find(listening)!!.groupValues[1].toInt())
    } finally {
        process.destroyForcibly().waitFor(30, TimeUnit.SECONDS)
    }
}

private fun echoes(port: Int, count: Int) = Socket("127.0.0.1", port).use { client ->
    repeat(count) {
        client.getOutputStream().write(1)
        client.getInputStream().read() shouldBe 1
    }
}

class TopCommandTest :
    FunSpec({
        for (driver in drivers()) {
            test("$driver: the rings of a running server are shown with their rates") {
                serving(driver) { process, port ->
                    val pid = process.pid().toString()
                    inProcess("top", "--once", "--interval", "0.05", pid).code shouldBe OK // now it shows its rings
                    val clients = Thread { echoes(port, 500) }
                    clients.start()
                    val table = inProcess("top", "--once", "--interval", "0.3", pid)
                    clients.join()
                    table.code shouldBe OK
                    val (titles, ring) = table.out.lines().map { it.trim() }.filter { it.isNotEmpty() }
                    titles.split(Regex("  +")).take(4).shouldContainExactly("RING", "DRIVER", "OPS/S", "CALLS/OP")
                    ring shouldMatch Regex("ringflow-1 +$driver +\\d+ .*")
                }
            }
        }

        test("as JSON the totals are there too, and count what was served") {
            serving("nio") { process, port ->
                echoes(port, 100)
                val json = inProcess("top", "--once", "--json", "--interval", "0.05", "${process.pid()}")
                json.code shouldBe OK
                json.out shouldContain "\"ring\": \"ringflow-1\""
                json.out shouldContain "\"operationsPerSecond\": "
                val completed = Regex("\"completed\": (\\d+)").find(json.out)!!.groupValues[1].toInt()
                (completed >= 200) shouldBe true // 100 receives and 100 sends
            }
        }

        test("without a number the processes with rings are listed, and no others") {
            serving("nio") { process, _ ->
                val other = ProcessBuilder(javaCommand() + listOf("probe", "--help")).start()
                val list = inProcess("top")
                list.code shouldBe OK
                list.out shouldContain Regex("(?m)^ *${process.pid()} +\\S*dev\\.ringflow\\.examples\\.MainKt echo")
                list.out shouldNotContain "${ProcessHandle.current().pid()} "
                other.waitFor(30, TimeUnit.SECONDS) shouldBe true
                inProcess("top", "--json").out shouldContain "\"pid\": ${process.pid()}"
            }
        }

        test("a live view ends when the process does") {
            serving("nio") { process, _ ->
                val pid = process.pid().toString()
                inProcess("top", "--once", "--interval", "0.05", pid).code shouldBe OK
                val ending = Thread {
                    Thread.sleep(300)
                    process.destroyForcibly()
                }
                ending.start()
                val live = inProcess("top", "--interval", "0.05", pid)
                ending.join()
                live.code shouldBe OK
                live.err shouldContain "process $pid has ended"
                (Regex("OPS/S").findAll(live.out).count() >= 1) shouldBe true
            }
        }

        test("a process that does not exist, or refuses, is told with what to do") {
            val gone = ProcessBuilder(javaCommand() + "--help").redirectErrorStream(true).start()
            gone.inputStream.readAllBytes()
            gone.waitFor(30, TimeUnit.SECONDS) shouldBe true
            val absent = inProcess("top", "${gone.pid()}")
            absent.code shouldBe FAILED
            absent.err shouldContain "There is no such process"
            val command = javaCommand().toMutableList().apply { add(1, "-XX:+DisableAttachMechanism") }
            val deaf = ProcessBuilder(command + listOf("echo", "--port", "0", "--driver", "nio")).start()
            try {
                deaf.inputStream.bufferedReader().readLine()
                val refused = inProcess("top", "${deaf.pid()}")
                refused.code shouldBe FAILED
                refused.err shouldContain "-XX:+DisableAttachMechanism"
            } finally {
                deaf.destroyForcibly().waitFor(30, TimeUnit.SECONDS)
            }
            inProcess("top", "no-number").code shouldBe USAGE
            inProcess("top", "--interval", "0", "1").code shouldBe USAGE
        }
    })
