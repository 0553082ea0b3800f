package dev.ringflow.examples

import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Deferred
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.async
import kotlinx.coroutines.channels.Channel
import java.nio.ByteBuffer
import java.security.MessageDigest
import java.util.HexFormat

/**
 * The SHA-256 of chunks that arrive in any order. The hashing runs on a thread of its own, so that the loop thread goes
 * on with input and output meanwhile.
 *
 * A caller that waits for a chunk to be hashed, before it takes the next one, bounds how far the chunks can run ahead.
 */
internal class OrderedDigest(scope: CoroutineScope) {
    private class Chunk(val index: Long, val bytes: ByteBuffer) {
        val hashed = CompletableDeferred<Unit>()
    }

    private val arrivals = Channel<Chunk>(Channel.UNLIMITED)
    private val digest = scope.async(Dispatchers.Default) { hashInOrder() }

    /**
     * Hands a chunk in.
     *
     * @param index which chunk it is; each from 0 on is handed in once
     * @param bytes its content, not to be changed before the answer is complete
     * @return completes when the chunk, and all before it, are hashed
     */
    fun add(index: Long, bytes: ByteBuffer): Deferred<Unit> {
        val chunk = Chunk(index, bytes)
        arrivals.trySend(chunk)
        return chunk.hashed
    }

    /** Ends the digest, after the last chunk was handed in, and answers it in hexadecimal. */
    suspend fun finish(): String {
        arrivals.close()
        return HexFormat.of().formatHex(digest.await())
    }

    private suspend fun hashInOrder(): ByteArray {
        val sha256 = MessageDigest.getInstance("SHA-256")
        val early = HashMap<Long, Chunk>()
        var next = 0L
        for (arrival in arrivals) {
            early[arrival.index] = arrival
            while (true) {
                val chunk = early.remove(next) ?: break
                sha256.update(chunk.bytes)
                chunk.hashed.complete(Unit)
                next++
            }
        }
        check(early.isEmpty()) { "Chunk $next was never handed in" }
        return sha256.digest()
    }
}
