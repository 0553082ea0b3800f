package dev.ringflow.coroutines

import dev.ringflow.net.RingSocket
import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldContainExactly
import io.kotest.matchers.shouldBe
import kotlinx.coroutines.TimeoutCancellationException
import kotlinx.coroutines.flow.map
import kotlinx.coroutines.flow.take
import kotlinx.coroutines.flow.toList
import kotlinx.coroutines.launch
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.withTimeout
import java.net.InetSocketAddress
import java.nio.ByteBuffer
import java.nio.file.StandardOpenOption.READ
import kotlin.time.Duration.Companion.milliseconds

class SampleSpec :
    FunSpec({
        onEachDriver {
            test("the sample of the design") {
                withTempFile(bytes(100)) { path ->
                    val buffer = ByteBuffer.allocateDirect(100)
                    open().use { ring ->
                        runBlocking(ring.dispatcher) {
                            val file = ring.openFile(path, READ)
                            val n = file.read(buffer, position = 0)
                            n shouldBe 100

                            ring.listen(InetSocketAddress("127.0.0.1", 0)).use { server ->
                                launch {
                                    server.connections().collect { socket ->
                                        launch { socket.use { echo(it) } }
                                    }
                                }
                                ring.connect(server.localAddress()).use { socket ->
                                    socket.sendFully(buffer.flip())
                                    socket.receiveFully(buffer.clear()) shouldBe 100
                                    shouldThrow<TimeoutCancellationException> {
                                        withTimeout(50.milliseconds) { socket.receive(buffer.clear()) }
                                    }
                                }
                            }
                            ring.ticks(5.milliseconds).take(3).map { it > 0 }.toList() shouldContainExactly
                                listOf(true, true, true)
                        }
                    }
                    buffer.array0() shouldBe bytes(100)
                }
            }
        }
    })

private suspend fun echo(socket: RingSocket) {
    val buffer = ByteBuffer.allocateDirect(64)
    while (socket.receive(buffer.clear()) >= 0) {
        socket.sendFully(buffer.flip())
    }
}

private fun ByteBuffer.array0(): ByteArray = ByteArray(capacity()).also { get(0, it) }
