package dev.ringflow.examples.recipes

import dev.ringflow.coroutines.connect
import dev.ringflow.coroutines.copyTo
import dev.ringflow.coroutines.open
import dev.ringflow.coroutines.pipeTo
import dev.ringflow.coroutines.readChannel
import dev.ringflow.coroutines.sendFully
import dev.ringflow.coroutines.serve
import dev.ringflow.coroutines.shutdownOutput
import dev.ringflow.coroutines.stat
import dev.ringflow.file.ResolveOption
import dev.ringflow.file.RingFile
import dev.ringflow.net.RingServerSocket
import dev.ringflow.net.RingSocket
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.flow.onEach
import kotlinx.coroutines.launch
import java.net.SocketAddress
import java.nio.ByteBuffer
import java.nio.file.FileSystemException
import java.nio.file.NoSuchFileException
import java.nio.file.Path
import java.nio.file.StandardOpenOption.READ

// snippet-begin: proxy
suspend fun proxy(server: RingServerSocket, target: SocketAddress) {
    server.serve { client ->
        client.ring().connect(target).use { other ->
            coroutineScope {
                launch { client.pipeTo(other) }
                launch { other.pipeTo(client) }
            }
        }
    }
}
// snippet-end: proxy

// snippet-begin: http
suspend fun serveFiles(server: RingServerSocket, root: RingFile) {
    server.serve { socket -> answer(socket, root) }
}

private suspend fun answer(socket: RingSocket, root: RingFile) {
    val name = Path.of(".${requestedPath(socket)}").normalize()
    try {
        val inside = setOf(ResolveOption.BENEATH, ResolveOption.NO_SYMLINKS)
        socket.ring().fileSystem().open(root, name, inside, READ).use { file ->
            val stat = file.stat()
            if (!stat.isRegularFile) throw NoSuchFileException(name.toString())
            socket.send("HTTP/1.0 200 OK\r\nContent-Length: ${stat.size()}\r\n\r\n")
            file.copyTo(0, stat.size(), socket)
        }
    } catch (_: FileSystemException) {
        socket.send("HTTP/1.0 404 Not Found\r\nContent-Length: 0\r\n\r\n")
    }
    socket.shutdownOutput()
}

/** What stands between the first two spaces: `GET /name HTTP/1.0`. */
private suspend fun requestedPath(socket: RingSocket): String {
    val head = mutableListOf<String>()
    socket.readChannel().lines(8192).onEach { head += it }.first(String::isEmpty)
    return head.first().split(' ').getOrElse(1) { "/" }
}

private suspend fun RingSocket.send(text: String) = sendFully(ByteBuffer.wrap(text.encodeToByteArray()))
// snippet-end: http
