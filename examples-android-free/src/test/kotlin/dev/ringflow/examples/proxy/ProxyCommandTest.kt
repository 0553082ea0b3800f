package dev.ringflow.examples.proxy

import dev.ringflow.examples.content
import dev.ringflow.examples.drivers
import dev.ringflow.examples.start
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain
import java.net.InetAddress
import java.net.ServerSocket
import java.net.Socket
import java.util.concurrent.TimeUnit
import kotlin.concurrent.thread

class ProxyCommandTest :
    FunSpec({
        for (driver in drivers()) {
            test("$driver: bytes and ends are passed on, both ways and on many connections") {
                ServerSocket(0, 50, InetAddress.getLoopbackAddress()).use { target ->
                    val serving = thread { serveUpsideDown(target) }
                    proxying(driver, target.localPort) { port ->
                        val clients = List(8) { i ->
                            val bytes = content(700_000 + i)
                            Socket("127.0.0.1", port).apply { soTimeout = 30_000 }.also { socket ->
                                thread {
                                    socket.getOutputStream().write(bytes)
                                    socket.shutdownOutput()
                                }
                            } to bytes
                        }
                        for ((socket, bytes) in clients) {
                            socket.use { it.getInputStream().readAllBytes() } shouldBe bytes.reversedArray()
                        }
                    } shouldContain "8 connections, 10.7 MiB passed on"
                    target.close()
                    serving.join()
                }
            }

            test("$driver: a target that refuses ends that connection and no other") {
                val nobody = ServerSocket(0, 50, InetAddress.getLoopbackAddress()).use { it.localPort }
                proxying(driver, nobody) { port ->
                    repeat(3) {
                        Socket("127.0.0.1", port).use { socket ->
                            socket.soTimeout = 30_000
                            socket.getInputStream().read() shouldBe -1
                        }
                    }
                } shouldContain "3 connections, 0 B passed on"
            }
        }
    })

/** Takes all that a client says, and says it backwards. */
private fun serveUpsideDown(server: ServerSocket) {
    while (true) {
        val socket = try {
            server.accept()
        } catch (_: java.net.SocketException) {
            return
        }
        thread {
            socket.use { it.getOutputStream().write(it.getInputStream().readAllBytes().reversedArray()) }
        }
    }
}

internal fun proxying(driver: String, target: Int, use: (Int) -> Unit): String {
    val process = start("proxy", "127.0.0.1:$target", "--port", "0", "--driver", driver)
    try {
        val out = process.inputStream.bufferedReader()
        use(Regex(" on 127.0.0.1:(\\d+) with").find(out.readLine())!!.groupValues[1].toInt())
        process.toHandle().destroy()
        process.waitFor(30, TimeUnit.SECONDS) shouldBe true
        return out.readText()
    } finally {
        process.destroyForcibly()
    }
}
