package dev.ringflow.coroutines

import dev.ringflow.Ring
import dev.ringflow.RingCallback
import dev.ringflow.file.ChunkRange
import dev.ringflow.file.FileHash
import dev.ringflow.file.FileTransfer
import dev.ringflow.file.TransferOptions
import dev.ringflow.file.TransferResult
import dev.ringflow.net.RingSocket
import java.nio.file.Path
import kotlin.coroutines.Continuation
import kotlin.coroutines.intrinsics.suspendCoroutineUninterceptedOrReturn

/**
 * Copies a file, verifies the copy, makes it durable and gives it its name in one step; see [FileTransfer].
 *
 * ### Cancellation
 *
 * Cancelling ends the transfer, and the call returns when its files are closed and the kernel has let go of its memory.
 * What is written by then stays for the next call, unless [TransferOptions.resume] is off. If the target had its name by
 * then, the call returns normally, and the next suspension point throws.
 *
 * @param source a regular file
 * @param target the name of the copy, or a directory for a copy of the same name
 * @param options how; its listener is told on the loop thread
 * @return what was done
 * @throws dev.ringflow.file.SourceChangedException if the source grew, shrank or was written to meanwhile
 * @throws dev.ringflow.file.ChunkMismatchException if a chunk of the copy is not what was read
 * @throws java.nio.file.FileAlreadyExistsException if there is a target and it is not to be replaced
 * @throws java.io.IOException if the system reports an error
 */
public suspend fun Ring.copyFile(
    source: Path,
    target: Path,
    options: TransferOptions = TransferOptions.defaults()
): TransferResult = transfer { FileTransfer.copy(this, source, target, options, it) }

/**
 * Hashes a file, many chunks at a time; see [FileTransfer.hashAsync].
 *
 * ### Cancellation
 *
 * Cancelling ends the reading, and the call returns when the file is closed and the kernel has let go of its memory.
 *
 * @param file a regular file
 * @param options chunk size, depth, hash, whether the plain hash is wanted, direct I/O and listener count
 * @return its hashes
 * @throws dev.ringflow.file.SourceChangedException if somebody writes to the file meanwhile
 * @throws java.io.IOException if the system reports an error
 */
public suspend fun Ring.hashFile(file: Path, options: TransferOptions = TransferOptions.defaults()): FileHash =
    transfer { FileTransfer.hash(this, file, options, it) }

/**
 * Which chunks [copyFile] would have to move: all but those that an interrupted one left. Nothing is written.
 *
 * ### Cancellation
 *
 * Cancelling ends the reading, and the call returns when the files are closed.
 *
 * @param source a regular file
 * @param target as for [copyFile]
 * @param options as for [copyFile]
 * @return the chunks, in order
 * @throws java.io.IOException if the system reports an error
 */
public suspend fun Ring.missingChunks(
    source: Path,
    target: Path,
    options: TransferOptions = TransferOptions.defaults()
): List<ChunkRange> = transfer { FileTransfer.missingChunks(this, source, target, options, it) }

/**
 * Sends a file to a peer that receives it with [receiveFile], and returns when the peer has it under its name. After
 * that the connection can be used for the next file.
 *
 * ### Cancellation
 *
 * Cancelling ends the transfer and closes the connection; what the peer has by then stays there for the next time.
 *
 * @param source a regular file
 * @param options chunk size, depth, hash, direct I/O, sparse, idle timeout and listener count
 * @return what was done
 * @throws dev.ringflow.file.TransferException if the peer refuses or breaks the protocol; the connection is closed
 * @throws java.io.IOException if the system reports an error; the connection is closed
 */
public suspend fun RingSocket.sendFile(
    source: Path,
    options: TransferOptions = TransferOptions.defaults()
): TransferResult = transfer { FileTransfer.send(this, source, options, it) }

/**
 * Receives one file from a peer that sends it with [sendFile]. The peer is not trusted: see [FileTransfer.receiveAsync].
 *
 * ### Cancellation
 *
 * Cancelling ends the transfer and closes the connection; what is written by then stays for the next time, unless
 * [TransferOptions.resume] is off.
 *
 * @param target an existing directory, in which the file gets the name that the peer gives it, or the name of the file
 * @param options all but chunk size and hash count, which are the sender's
 * @return what was done
 * @throws java.io.EOFException if the peer closes the connection before it has begun to send
 * @throws dev.ringflow.file.TransferException if the peer breaks the protocol; the connection is closed
 * @throws java.io.IOException if the system reports an error; the connection is closed
 */
public suspend fun RingSocket.receiveFile(
    target: Path,
    options: TransferOptions = TransferOptions.defaults()
): TransferResult = transfer { FileTransfer.receive(this, target, options, it) }

private suspend inline fun <T : Any> transfer(crossinline start: (RingCallback<T>) -> FileTransfer): T =
    suspendCoroutineUninterceptedOrReturn { caller ->
        val call = TransferCall<T>(caller)
        call.throwIfCancelled()
        call.transfer = start(call)
        call.suspendOrTake()
    }

/** A transfer is many operations, which are cancelled together. */
private class TransferCall<T>(caller: Continuation<*>) : SuspendedCall<T>(caller) {
    @Volatile
    var transfer: FileTransfer? = null

    override fun requestCancel() {
        transfer?.cancel()
    }
}
