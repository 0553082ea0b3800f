package dev.ringflow.examples.http

import dev.ringflow.buffer.BufferPool
import dev.ringflow.coroutines.ServeOptions
import dev.ringflow.coroutines.awaitBuffer
import dev.ringflow.coroutines.serve
import dev.ringflow.net.RingServerSocket
import dev.ringflow.net.RingSocket
import java.io.IOException
import kotlin.time.Duration
import kotlin.time.Duration.Companion.seconds

/**
 * Serves files over HTTP/1.1: with conditions, ranges, persistent connections and pipelined requests. All of it runs on the
 * loop thread of the socket's ring. Content of some size goes from the file to the connection without passing through this
 * process.
 *
 * @param files what is served
 * @param inputs buffers for heads of requests
 * @param outputs buffers for answers
 * @param patience how long a connection may be silent
 * @param failed is told of each connection that broke
 */
internal class HttpServer(
    private val files: HttpFiles,
    private val inputs: BufferPool,
    private val outputs: BufferPool,
    private val patience: Duration = 30.seconds,
    private val failed: (IOException) -> Unit = {}
) {
    val counters = HttpCounters()

    /** Serves until the socket is closed or the caller is cancelled. */
    suspend fun serve(server: RingServerSocket, mostConnections: Int = MOST_CONNECTIONS) {
        val options = ServeOptions(mostConnections, grace = GRACE) { _, failure ->
            if (failure is IOException) failed(failure) else throw failure
        }
        server.serve(options) { socket ->
            onStopping { socket.shutdownInputAsync() }
            serve(socket)
        }
    }

    private suspend fun serve(socket: RingSocket) {
        counters.connections++
        inputs.awaitBuffer().use { input ->
            outputs.awaitBuffer().use { output ->
                HttpConnection(socket, files, input.byteBuffer(), output.byteBuffer(), patience, counters).serve()
            }
        }
    }

    companion object {
        const val MOST_CONNECTIONS = 10_000
        private val GRACE = 5.seconds
    }
}
