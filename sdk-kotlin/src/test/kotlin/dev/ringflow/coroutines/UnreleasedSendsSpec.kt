package dev.ringflow.coroutines

import dev.ringflow.Support
import dev.ringflow.spi.OpCode
import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.shouldBe
import kotlinx.coroutines.CancellationException
import kotlinx.coroutines.CoroutineStart
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.async
import kotlinx.coroutines.cancelAndJoin
import kotlinx.coroutines.delay
import kotlinx.coroutines.launch
import kotlinx.coroutines.withContext
import kotlinx.coroutines.withTimeoutOrNull
import java.io.IOException
import java.nio.ByteBuffer
import java.nio.channels.SocketChannel
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.Duration.Companion.seconds

private const val PIECE = 256 * 1024
private const val ENOUGH = 500

class UnreleasedSendsSpec :
    FunSpec({
        onEachDriver {
            test("memory of a send that was copied is free at once") { ring ->
                val (client, server) = ring.pair()
                val sent = client.sendUnreleased(direct(bytes(10)))
                sent.bytes shouldBe 10
                sent.isReleased shouldBe true
                sent.awaitReleased()
                client.sendFullyUnreleased(ByteBuffer.wrap(bytes(20))).bytes shouldBe 20
                ring.bufferPool(100, 1).use { pool ->
                    pool.acquire().use { lease ->
                        lease.byteBuffer().put(bytes(30)).flip()
                        client.sendUnreleased(lease).bytes shouldBe 30
                        lease.byteBuffer().flip()
                        client.sendFullyUnreleased(lease).isReleased shouldBe true
                    }
                }
                val input = server.readChannel()
                for (size in listOf(10, 20, 30, 30)) input.readByteArray(size) shouldBe bytes(size)
            }

            test(
                "a send without copying returns when the bytes are on their way, and tells when the memory is free"
            ) { ring ->
                val server = ring.listen(ANY_PORT)
                val peer = server.plainClient()
                val socket = server.accept()
                socket.zeroCopyThreshold(PIECE)
                val sends = ArrayList<UnreleasedSend>()
                while (sends.size < ENOUGH) { // until the peer, who reads nothing, takes no more
                    withTimeoutOrNull(1.seconds) { sends += socket.sendUnreleased(direct(bytes(PIECE))) } ?: break
                }
                val native = ring.capabilities().support(OpCode.SEND_ZERO_COPY) == Support.NATIVE
                sends.any { !it.isReleased } shouldBe native
                sends.last { it.isReleased != native }.let { last ->
                    withTimeoutOrNull(100.milliseconds) { last.awaitReleased() } shouldBe if (native) null else Unit
                    last.isReleased shouldBe !native
                }
                val reading = async(Dispatchers.IO) { peer.readAll() }
                sends.forEach { it.awaitReleased() }
                sends.all { it.isReleased } shouldBe true
                socket.shutdownOutput()
                reading.await() shouldBe sends.sumOf { it.bytes.toLong() }
                peer.close()
                socket.closeAndJoin()
            }

            test("everything is sent before it returns, and a reset frees the memory") { ring ->
                val server = ring.listen(ANY_PORT)
                val peer = server.plainClient()
                val socket = server.accept()
                socket.zeroCopyThreshold(PIECE)
                val content = bytes(20 * PIECE)
                val reading = async(Dispatchers.IO) { peer.read(content.size) }
                socket.sendFullyUnreleased(direct(content)).run {
                    bytes shouldBe content.size
                    awaitReleased()
                }
                reading.await() shouldBe content
                val unread = socket.sendUnreleased(direct(bytes(PIECE)))
                socket.abort()
                unread.awaitReleased()
                shouldThrow<IOException> { socket.sendUnreleased(direct(bytes(PIECE))) }
                peer.close()
            }

            test("whoever is cancelled in the middle goes when the kernel has let go of the memory") { ring ->
                val server = ring.listen(ANY_PORT)
                val peer = server.plainClient()
                val socket = server.accept()
                socket.zeroCopyThreshold(PIECE)
                var told: Throwable? = null
                val sending = launch(start = CoroutineStart.UNDISPATCHED) {
                    try {
                        socket.sendFullyUnreleased(ByteBuffer.allocateDirect(ENOUGH * PIECE))
                    } catch (e: CancellationException) {
                        told = e
                    }
                }
                delay(100.milliseconds)
                val reading = async(Dispatchers.IO) { peer.readAll() }
                val ending = launch { sending.cancelAndJoin() }
                ending.join()
                (told is CancellationException) shouldBe true
                socket.closeAndJoin()
                reading.await()
                until("nothing is in flight") { ring.inFlight() == 0L }
                peer.close()
            }
        }
    })

private fun SocketChannel.readAll(): Long =
    socket().getInputStream().transferTo(java.io.OutputStream.nullOutputStream())

private fun SocketChannel.read(count: Int): ByteArray = socket().getInputStream().readNBytes(count)
