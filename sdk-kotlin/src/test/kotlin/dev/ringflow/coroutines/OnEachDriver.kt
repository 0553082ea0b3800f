package dev.ringflow.coroutines

import dev.ringflow.Ring
import dev.ringflow.RingOptions
import dev.ringflow.net.RingServerSocket
import dev.ringflow.net.RingSocket
import io.kotest.core.spec.style.FunSpec
import io.kotest.core.spec.style.scopes.FunSpecContainerScope
import io.kotest.matchers.shouldBe
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.SupervisorJob
import kotlinx.coroutines.async
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.delay
import kotlinx.coroutines.withContext
import kotlinx.coroutines.withTimeout
import java.net.InetAddress
import java.net.InetSocketAddress
import java.net.SocketException
import java.net.SocketTimeoutException
import java.nio.ByteBuffer
import java.nio.channels.SocketChannel
import java.nio.file.Files
import java.nio.file.Path
import kotlin.io.path.deleteIfExists
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.Duration.Companion.seconds

/** Runs the same tests on every driver. One that cannot be used here shows as ignored, with the reason in its name. */
internal fun FunSpec.onEachDriver(tests: suspend DriverTests.() -> Unit) {
    for (driver in listOf("uring", "nio")) {
        val availability = Ring.drivers().find { it.driver() == driver }
        if (availability?.isUsable == true) {
            context(driver) { DriverTests(driver, this).tests() }
        } else {
            xcontext("$driver: ${availability?.explanation() ?: "not on the class path"}") {}
        }
    }
}

internal class DriverTests(val driver: String, private val scope: FunSpecContainerScope) {
    fun open(): Ring = Ring.open(RingOptions.builder().driver(driver).build())

    /** A test with a ring of its own, in which no callback may throw. */
    suspend fun test(name: String, enabled: Boolean = true, block: suspend CoroutineScope.(Ring) -> Unit) {
        scope.test(name).config(enabled = enabled) {
            bounded {
                open().use { ring ->
                    coroutineScope { block(ring) }
                    ring.metrics().callbackFailures() shouldBe 0
                }
            }
        }
    }
}

/** Fails after a minute, also if what it waits for cannot be cancelled. */
internal suspend fun <T> bounded(block: suspend CoroutineScope.() -> T): T {
    val work = CoroutineScope(SupervisorJob()).async(Dispatchers.Default, block = block)
    return withContext(Dispatchers.IO) { withTimeout(60.seconds) { work.await() } }
}

/** Looks until something is so. */
internal suspend fun until(what: String, isSo: suspend () -> Boolean) {
    val tries = 20_000
    repeat(tries) {
        if (isSo()) return
        delay(1.milliseconds)
    }
    throw AssertionError("In $tries looks it never came to this: $what")
}

internal val ANY_PORT = InetSocketAddress(InetAddress.getLoopbackAddress(), 0)

internal suspend fun Ring.openHandles(): Long = withContext(dispatcher) { metrics().openHandles() }

internal suspend fun Ring.inFlight(): Long = withContext(dispatcher) { metrics().inFlight() }

/** Two ends of a connection. */
internal suspend fun Ring.pair(): Pair<RingSocket, RingSocket> = listen(ANY_PORT).use { server ->
    val client = connect(server.localAddress())
    client to server.accept()
}

/** A client that is no part of any ring. */
internal fun RingServerSocket.plainClient(): SocketChannel = SocketChannel.open(localAddress())

/** Whether the other side has closed, or does so within ten seconds. */
internal fun SocketChannel.readsEnd(): Boolean = try {
    socket().soTimeout = 10_000
    socket().getInputStream().read() == -1
} catch (_: SocketTimeoutException) {
    false
} catch (_: SocketException) {
    true // a connection that was closed with bytes unread is reset
}

internal inline fun <T> withTempFile(content: ByteArray = ByteArray(0), block: (Path) -> T): T {
    val path = Files.createTempFile("ringflow", ".bin")
    try {
        Files.write(path, content)
        return block(path)
    } finally {
        path.deleteIfExists()
    }
}

internal fun bytes(size: Int): ByteArray = ByteArray(size) { (it * 31 + it / 251).toByte() }

internal fun direct(content: ByteArray): ByteBuffer = ByteBuffer.allocateDirect(content.size).put(content).flip()

/** What lies between index 0 and the position. */
internal fun ByteBuffer.filled(): ByteArray = ByteArray(position()).also { duplicate().flip().get(it) }
