package dev.ringflow.examples.guide

import dev.ringflow.Ring
import dev.ringflow.coroutines.connect
import dev.ringflow.coroutines.dispatcher
import dev.ringflow.coroutines.listen
import dev.ringflow.coroutines.receiveFully
import dev.ringflow.coroutines.sendFully
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.nulls.shouldBeNull
import io.kotest.matchers.shouldBe
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.launch
import kotlinx.coroutines.runBlocking
import java.net.InetSocketAddress
import java.nio.ByteBuffer
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.Duration.Companion.seconds

class FirstServerTest :
    FunSpec({
        val loopback = InetSocketAddress("127.0.0.1", 0)

        fun onRing(block: suspend CoroutineScope.(Ring) -> Unit) = Ring.open().use { ring ->
            runBlocking(ring.dispatcher) { block(ring) }
        }

        test("what clients send comes back to each of them").config(timeout = 30.seconds) {
            onRing { ring ->
                ring.listen(loopback).use { server ->
                    val serving = launch { serve(server) }
                    val clients = List(3) { ring.connect(server.localAddress()) }
                    for ((number, client) in clients.withIndex()) client.sendFully(bytes("message $number"))

                    for ((number, client) in clients.withIndex()) {
                        val answer = ByteBuffer.allocateDirect(9)
                        client.receiveFully(answer)
                        text(answer) shouldBe "message $number"
                        client.close()
                    }
                    serving.cancel()
                }
            }
        }

        test("a receive that takes too long is given up, and the connection stays good").config(timeout = 30.seconds) {
            onRing { ring ->
                ring.listen(loopback).use { server ->
                    val serving = launch { serve(server) }
                    ring.connect(server.localAddress()).use { client ->
                        val buffer = ByteBuffer.allocateDirect(5)
                        client.receiveWithin(50.milliseconds, buffer).shouldBeNull()

                        client.sendFully(bytes("still"))
                        client.receiveFully(buffer)
                        text(buffer) shouldBe "still"
                    }
                    serving.cancel()
                }
            }
        }
    })

private fun bytes(text: String) = ByteBuffer.wrap(text.toByteArray())

private fun text(buffer: ByteBuffer) = Charsets.UTF_8.decode(buffer.flip()).toString()
