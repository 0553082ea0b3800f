package dev.ringflow.coroutines

import dev.ringflow.buffer.BufferGroup
import dev.ringflow.buffer.BufferGroupOptions
import dev.ringflow.net.IncomingOptions
import dev.ringflow.net.ReceivedDatagram
import dev.ringflow.net.RingDatagramSocket
import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.shouldBe
import kotlinx.coroutines.TimeoutCancellationException
import kotlinx.coroutines.flow.map
import kotlinx.coroutines.flow.take
import kotlinx.coroutines.flow.toList
import kotlinx.coroutines.launch
import kotlinx.coroutines.withContext
import kotlinx.coroutines.withTimeout
import java.net.PortUnreachableException
import java.nio.ByteBuffer
import java.nio.channels.NotYetConnectedException
import kotlin.time.Duration.Companion.milliseconds

class DatagramsSpec :
    FunSpec({
        onEachDriver {
            test("binds, sends and receives, also when connected") { ring ->
                val a = ring.bind(ANY_PORT)
                val b = ring.bind(ANY_PORT)
                b.send(direct(bytes(100)), a.localAddress()) shouldBe 100
                val buffer = ByteBuffer.allocate(200)
                val info = a.receive(buffer)
                info.length() shouldBe 100
                info.sender() shouldBe b.localAddress()
                buffer.filled() shouldBe bytes(100)
                shouldThrow<NotYetConnectedException> { a.send(direct(bytes(1))) }
                a.connect(b.localAddress()!!)
                a.send(direct(bytes(3))) shouldBe 3
                b.receive(buffer.clear(), info).length() shouldBe 3
                a.disconnect()
                a.remoteAddress() shouldBe null
                a.closeAndJoin()
                b.closeAndJoin()
                ring.openHandles() shouldBe 0
            }

            test("a receive that is cancelled lets go of its buffer, and the next one gets the datagram") { ring ->
                val a = ring.bind(ANY_PORT)
                val buffer = ByteBuffer.allocateDirect(10)
                shouldThrow<TimeoutCancellationException> { withTimeout(20.milliseconds) { a.receive(buffer) } }
                ring.inFlight() shouldBe 0
                a.send(direct(bytes(4)), a.localAddress())
                a.receive(buffer).length() shouldBe 4
            }

            test("a closed port is told to the receiver, who goes on") { ring ->
                val gone = ring.bind(ANY_PORT)
                val a = ring.bind(ANY_PORT)
                val where = gone.localAddress()!!
                gone.closeAndJoin()
                a.connect(where)
                a.send(direct(bytes(1)))
                shouldThrow<PortUnreachableException> { a.receive(ByteBuffer.allocateDirect(1)) }
            }

            test("datagrams come in order, empty ones too, and end with the socket") { ring ->
                val a = ring.bind(ANY_PORT)
                val b = ring.bind(ANY_PORT)
                val lengths = mutableListOf<Int>()
                withContext(ring.dispatcher) {
                    val collecting = launch { a.datagrams().collect { lengths += it.byteBuffer().remaining() } }
                    repeat(20) { b.send(direct(bytes(it)), a.localAddress()) }
                    until("all came") { lengths.size == 20 }
                    a.closeAndJoin()
                    collecting.join()
                }
                lengths shouldBe List(20) { it }
            }

            test("a datagram is the collector's until its lambda returns, or as long as it is retained") { ring ->
                val a = ring.bind(ANY_PORT)
                val group = BufferGroup.create(ring, BufferGroupOptions.builder().count(4).bufferSize(512).build())
                val options = IncomingOptions.builder().group(group).maxHeld(2).build()
                var kept: ReceivedDatagram? = null
                var lost: ReceivedDatagram? = null
                repeat(3) { a.send(direct(bytes(8 + it)), a.localAddress()) }
                a.datagrams(options).take(3).collect {
                    when (it.info().length()) {
                        8 -> kept = it.retain()
                        9 -> lost = it
                    }
                }
                kept!!.byteBuffer().remaining() shouldBe 8
                shouldThrow<IllegalStateException> { lost!!.byteBuffer() }
                kept!!.close()
                until("all buffers are back") { group.held() == 0 }
            }

            test("the stream outlives a time limit, and the socket a collector that has enough") { ring ->
                val a = ring.bind(ANY_PORT)
                withContext(ring.dispatcher) {
                    a.datagramStream().use { stream ->
                        shouldThrow<TimeoutCancellationException> { withTimeout(10.milliseconds) { stream.next() } }
                        a.send(direct(bytes(5)), a.localAddress())
                        stream.next().info().length() shouldBe 5
                    }
                    repeat(2) { a.sendTo(a, 3) }
                    a.datagrams().map { it.info().length() }.take(2).toList() shouldBe listOf(3, 3)
                    a.sendTo(a, 6)
                    a.receive(ByteBuffer.allocateDirect(10)).length() shouldBe 6
                }
                a.closeAndJoin()
                until("nothing is in flight") { ring.inFlight() == 0L }
            }
        }
    })

private suspend fun RingDatagramSocket.sendTo(other: RingDatagramSocket, length: Int) {
    send(direct(bytes(length)), other.localAddress())
}
