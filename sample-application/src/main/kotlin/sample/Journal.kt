package sample

import dev.ringflow.Ring
import dev.ringflow.RingOptions
import dev.ringflow.coroutines.connect
import dev.ringflow.coroutines.dispatcher
import dev.ringflow.coroutines.lines
import dev.ringflow.coroutines.link
import dev.ringflow.coroutines.listen
import dev.ringflow.coroutines.openFile
import dev.ringflow.coroutines.receive
import dev.ringflow.coroutines.sendFully
import dev.ringflow.coroutines.serve
import dev.ringflow.file.RingFile
import dev.ringflow.net.RingSocket
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.flow.toList
import kotlinx.coroutines.joinAll
import kotlinx.coroutines.launch
import kotlinx.coroutines.runBlocking
import java.net.InetSocketAddress
import java.net.SocketAddress
import java.nio.ByteBuffer
import java.nio.file.Files
import java.nio.file.Path
import java.nio.file.StandardOpenOption.CREATE_NEW
import java.nio.file.StandardOpenOption.READ
import java.nio.file.StandardOpenOption.WRITE

private const val CLIENTS = 8
private const val ENTRIES = 25
private const val ENTRY_BYTES = 16

/** Keeps entries of a fixed length in a file; each is on the disk before it is acknowledged. */
private class Journal(private val ring: Ring, private val file: RingFile) {
    private var end = 0L

    suspend fun append(entry: ByteBuffer) {
        val position = end
        end += entry.remaining()
        // one chain: the sync begins when the write is done, without a way back to this program in between
        ring.link {
            write(file, entry, position)
            syncData(file)
        }
    }
}

private suspend fun record(socket: RingSocket, journal: Journal) {
    val entry = ByteBuffer.allocateDirect(ENTRY_BYTES)
    while (true) {
        entry.clear()
        while (entry.hasRemaining()) {
            if (socket.receive(entry) < 0) return
        }
        journal.append(entry.flip())
        socket.sendFully(ByteBuffer.wrap("ok".toByteArray()))
    }
}

private suspend fun send(ring: Ring, address: SocketAddress, client: Int) {
    val answer = ByteBuffer.allocateDirect(2)
    ring.connect(address).use { socket ->
        repeat(ENTRIES) { number ->
            val entry = "client %02d %04d".format(client, number).padEnd(ENTRY_BYTES - 1) + "\n"
            socket.sendFully(ByteBuffer.wrap(entry.toByteArray()))
            answer.clear()
            while (answer.hasRemaining()) check(socket.receive(answer) >= 0) { "the server is gone" }
        }
    }
}

/** A journal server and its clients in one program, on one thread; then a verified copy, from Java. */
fun main(arguments: Array<String>) {
    val options = RingOptions.builder()
    arguments.firstOrNull()?.let { options.driver(it) }
    val folder = Files.createTempDirectory("journal")
    try {
        Ring.open(options.build()).use { ring ->
            println("driver ${ring.driver()}")
            val path = folder.resolve("journal.log")
            val lines = runBlocking(ring.dispatcher) { write(ring, path) }
            check(lines.size == CLIENTS * ENTRIES) { "${lines.size} entries are in the journal" }
            check(lines.toSet().size == lines.size) { "an entry is there twice" }
            println("${lines.size} entries written, synced and read back")
            println("copied and verified ${VerifiedCopy.of(ring, path, folder.resolve("copy.log"))} bytes")
        }
    } finally {
        folder.toFile().deleteRecursively()
    }
}

private suspend fun write(ring: Ring, path: Path): List<String> =
    ring.openFile(path, READ, WRITE, CREATE_NEW).use { file ->
        val journal = Journal(ring, file)
        ring.listen(InetSocketAddress("127.0.0.1", 0)).use { server ->
            coroutineScope {
                val serving = launch { server.serve { record(it, journal) } }
                List(CLIENTS) { launch { send(ring, server.localAddress(), it) } }.joinAll()
                serving.cancel()
            }
        }
        file.lines().toList()
    }
