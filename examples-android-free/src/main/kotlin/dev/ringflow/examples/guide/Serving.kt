package dev.ringflow.examples.guide

import dev.ringflow.Ring
import dev.ringflow.coroutines.ServeOptions
import dev.ringflow.coroutines.bind
import dev.ringflow.coroutines.datagrams
import dev.ringflow.coroutines.incoming
import dev.ringflow.coroutines.readChannel
import dev.ringflow.coroutines.send
import dev.ringflow.coroutines.sendFully
import dev.ringflow.coroutines.serve
import dev.ringflow.coroutines.ticks
import dev.ringflow.coroutines.writeChannel
import dev.ringflow.net.RingDatagramSocket
import dev.ringflow.net.RingServerSocket
import kotlinx.coroutines.flow.take
import java.net.SocketAddress
import kotlin.time.Duration
import kotlin.time.Duration.Companion.seconds

// snippet-begin: serve
suspend fun serveEcho(server: RingServerSocket) {
    server.serve(ServeOptions(maxConnections = 10_000, grace = 5.seconds)) { socket ->
        socket.incoming().collect { bytes -> socket.sendFully(bytes) }
    }
}
// snippet-end: serve

// snippet-begin: lines
suspend fun serveLines(server: RingServerSocket, answer: (String) -> String) {
    server.serve { socket ->
        onStopping { socket.shutdownInputAsync() }
        val output = socket.writeChannel()
        socket.readChannel().lines().collect { line ->
            output.writeLine(answer(line))
            output.flush()
        }
    }
}
// snippet-end: lines

// snippet-begin: datagrams
suspend fun answerDatagrams(socket: RingDatagramSocket) {
    socket.datagrams().collect { datagram ->
        socket.send(datagram.byteBuffer(), datagram.sender())
    }
}

suspend fun Ring.bindTo(address: SocketAddress): RingDatagramSocket = bind(address)
// snippet-end: datagrams

// snippet-begin: ticks
suspend fun Ring.beat(period: Duration, times: Int, action: suspend () -> Unit) {
    ticks(period).take(times).collect { action() }
}
// snippet-end: ticks
