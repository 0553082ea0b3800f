package dev.ringflow.examples.guide

import dev.ringflow.Ring
import dev.ringflow.coroutines.asFileHandle
import dev.ringflow.coroutines.asRawSource
import dev.ringflow.coroutines.asSuspendingSource
import dev.ringflow.coroutines.buffered
import dev.ringflow.coroutines.dispatcher
import dev.ringflow.coroutines.openFile
import dev.ringflow.file.RingFile
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.async
import kotlinx.coroutines.future.asCompletableFuture
import kotlinx.io.buffered
import kotlinx.io.readLine
import okio.buffer
import java.nio.file.Path
import java.nio.file.StandardOpenOption.READ
import java.util.concurrent.CompletableFuture

// snippet-begin: libraries
/** kotlinx-io; it blocks, so never on the loop thread. */
fun firstLineByKotlinxIo(file: RingFile): String? = file.asRawSource().buffered().use { it.readLine() }

/** okio; it blocks, too. */
fun firstLineByOkio(file: RingFile): String? =
    file.asFileHandle(readWrite = false).use { handle -> handle.source().buffer().use { it.readUtf8Line() } }

/** In the style of kotlinx-io, and suspending: on the loop thread as well. */
suspend fun firstLine(file: RingFile): String? = file.asSuspendingSource().buffered().readLine()
// snippet-end: libraries

// snippet-begin: java

/** What Kotlin can do, for callers in Java. */
fun CoroutineScope.firstLineAsync(ring: Ring, path: Path): CompletableFuture<String?> =
    async(ring.dispatcher) { ring.openFile(path, READ).use { firstLine(it) } }.asCompletableFuture()
// snippet-end: java
