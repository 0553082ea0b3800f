package dev.ringflow.examples

import dev.ringflow.Ring
import dev.ringflow.coroutines.connect
import dev.ringflow.coroutines.dispatcher
import dev.ringflow.coroutines.listen
import dev.ringflow.coroutines.openFile
import dev.ringflow.coroutines.receive
import dev.ringflow.coroutines.sendFully
import dev.ringflow.coroutines.serve
import dev.ringflow.coroutines.sync
import dev.ringflow.coroutines.writeFully
import dev.ringflow.net.RingSocket
import kotlinx.coroutines.launch
import kotlinx.coroutines.runBlocking
import java.net.InetSocketAddress
import java.nio.ByteBuffer
import java.nio.file.Path
import java.nio.file.StandardOpenOption.CREATE
import java.nio.file.StandardOpenOption.READ
import java.nio.file.StandardOpenOption.WRITE

/** What the README shows in Kotlin. */
fun readmeKotlin(path: Path, buffer: ByteBuffer) {
    // snippet-begin: readme
    Ring.open().use { ring ->
        runBlocking(ring.dispatcher) {
            // coroutines on the ring's own thread
            ring.openFile(path, READ, WRITE, CREATE).use { file ->
                file.writeFully(ByteBuffer.wrap("hello".toByteArray()), position = 0)
                file.sync()
            }
            ring.listen(InetSocketAddress("127.0.0.1", 0)).use { server ->
                val serving = launch { server.serve { greet(it) } } // a coroutine for each connection
                ring.connect(server.localAddress()).use { socket ->
                    println(socket.receive(buffer)) // bytes; cancelling cancels in the kernel
                }
                serving.cancel()
            }
        }
    }
    // snippet-end: readme
}

private suspend fun greet(socket: RingSocket) {
    socket.sendFully(ByteBuffer.wrap("welcome".toByteArray()))
}
