package dev.ringflow.coroutines

import dev.ringflow.net.RingSocket
import kotlinx.coroutines.CoroutineExceptionHandler
import java.io.IOException
import kotlin.coroutines.CoroutineContext
import kotlin.time.Duration
import kotlin.time.Duration.Companion.seconds

/**
 * How [serve] serves.
 *
 * @property maxConnections how many connections are served at a time, at least 1; as many as come if nothing is said
 * @property grace how long connections may go on after the server socket was closed; `Duration.ZERO` cancels them at
 *     once, `Duration.INFINITE` waits for the last
 * @property onFailure is told what a handler threw, and the connection, which is closed by then. Called in the
 *     connection's coroutine; it should not block. What it throws ends the whole serving with that exception. It is not
 *     called for cancellation, nor when the application itself closed the connection, or the ring, under the handler.
 *
 *     If nothing is said the failure goes to the `CoroutineExceptionHandler` of the caller's context, and if there is
 *     none to the system's logger `dev.ringflow`: an `IOException` as a debug message, since connections break every
 *     day, and anything else as a warning.
 * @throws IllegalArgumentException if [maxConnections] is less than 1 or [grace] negative
 */
public class ServeOptions(
    public val maxConnections: Int = Int.MAX_VALUE,
    public val grace: Duration = 30.seconds,
    public val onFailure: ((RingSocket, Throwable) -> Unit)? = null
) {
    init {
        require(maxConnections >= 1) { "maxConnections must be at least 1, got $maxConnections" }
        require(!grace.isNegative()) { "grace must not be negative, got $grace" }
    }
}

private val LOG = System.getLogger("dev.ringflow")

internal fun CoroutineContext.logFailure(socket: RingSocket, failure: Throwable) {
    val handler = this[CoroutineExceptionHandler]
    if (handler != null) return handler.handleException(this, failure)
    val level = if (failure is IOException) System.Logger.Level.DEBUG else System.Logger.Level.WARNING
    LOG.log(level, "Serving $socket failed", failure)
}
