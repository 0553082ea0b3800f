package dev.ringflow.examples.proxy

import dev.ringflow.examples.Outcome
import dev.ringflow.examples.drivers
import dev.ringflow.examples.needs
import dev.ringflow.examples.process
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.longs.shouldBeGreaterThanOrEqual
import io.kotest.matchers.longs.shouldBeInRange
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain
import io.kotest.matchers.string.shouldNotContain
import java.net.InetAddress
import java.net.ServerSocket
import java.util.concurrent.TimeUnit

/**
 * The proxy between two programs in C. Each of iperf3's streams begins with a secret that the server compares with the one
 * of the control connection, on which both talk meanwhile: a byte that takes the wrong way ends the run.
 */
class ProxyIperfTest :
    FunSpec({
        for (driver in drivers()) {
            test("$driver: iperf3 sends through it and back").config(
                enabledOrReasonIf = { needs("iperf3", "--version") }
            ) {
                withIperfServer { target ->
                    proxying(driver, target) { port ->
                        measure(port)
                        measure(port, "--reverse")
                    } shouldContain Regex("^${2 * (1 + STREAMS)} connections, ")
                }
            }
        }
    })

private const val STREAMS = 4
private const val BYTES = 64L shl 20

/** What arrives after iperf3 has stopped to count is no part of the second number. */
private fun measure(port: Int, vararg more: String) {
    val said = iperf(port, *more)
    said.code shouldBe 0
    said.out shouldNotContain "\"error\""
    val sent = said.bytes("sum_sent")
    sent shouldBeGreaterThanOrEqual BYTES
    said.bytes("sum_received") shouldBeInRange 1L..sent
}

private fun iperf(port: Int, vararg more: String): Outcome = process(
    listOf("iperf3", "-c", "127.0.0.1", "-p", "$port", "-n", "$BYTES", "-P", "$STREAMS", "--json") + more
)

private fun Outcome.bytes(sum: String): Long =
    Regex("\"$sum\":\\s*\\{[^}]*\"bytes\":\\s*(\\d+)").find(out)!!.groupValues[1].toLong()

private fun withIperfServer(use: (Int) -> Unit) {
    val port = ServerSocket(0, 1, InetAddress.getLoopbackAddress()).use { it.localPort }
    val server = ProcessBuilder("iperf3", "-s", "-B", "127.0.0.1", "-p", "$port", "--forceflush")
        .redirectErrorStream(true)
        .start()
    try {
        val out = server.inputStream.bufferedReader()
        generateSequence { out.readLine() }.first { "listening" in it } // or it fails, with what it said instead
        use(port)
    } finally {
        server.destroy()
        server.waitFor(30, TimeUnit.SECONDS)
    }
}
