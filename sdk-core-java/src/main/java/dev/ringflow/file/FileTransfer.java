package dev.ringflow.file;

import dev.ringflow.Ring;
import dev.ringflow.RingCallback;
import dev.ringflow.internal.transfer.CopyRun;
import dev.ringflow.internal.transfer.HashRun;
import dev.ringflow.internal.transfer.MissingRun;
import dev.ringflow.internal.transfer.ReceiveRun;
import dev.ringflow.internal.transfer.SendRun;
import dev.ringflow.internal.transfer.TransferRun;
import dev.ringflow.net.RingSocket;
import java.nio.file.Path;
import java.util.List;

/**
 * Files copied, hashed, sent and received, with every byte checked.
 *
 * <p>A file is cut into chunks. Chunks are read many at a time into registered buffers, hashed on a few threads of the
 * transfer's own, and written at their place, in whatever order they come, into a file that is hidden next to the target:
 * {@code .NAME.ringflow-….part}. When all are there they are read back and compared, made durable, and the file gets its
 * name, in one step. Whoever looks at the target's name sees what was there before, or the whole file, and never a part.
 * {@link HashTree} says what is hashed and how.
 *
 * <p><b>Interrupted transfers.</b> A list of the chunks that are written stands next to the hidden file
 * ({@code .state}). A later transfer of the same source to the same target reads what is there, keeps the chunks that
 * have the right hash, and moves only the rest; unless the source has changed since, by size, time of modification or
 * inode: then it begins anew. Cancelling is such an interruption. See {@link TransferOptions.Builder#resume}.
 *
 * <p><b>Failures.</b> {@link SourceChangedException} if the source grew, shrank or was written to meanwhile;
 * {@link ChunkMismatchException} if a chunk is not what it was; {@link java.nio.file.FileAlreadyExistsException} if the
 * target exists; otherwise what reading and writing fail with. In all of them nothing changes under the target's name.
 *
 * <p><b>Threads.</b> Any thread may start a transfer, except that one on a socket needs the socket's ring. Callbacks,
 * futures and listeners are told on the loop thread; nothing of a transfer blocks it.
 */
public final class FileTransfer {
    private final TransferRun<?> run;

    private FileTransfer(TransferRun<?> run) {
        this.run = run;
        run.start();
    }

    /**
     * Copies a file.
     *
     * @param ring does the work
     * @param source a regular file
     * @param target the name of the copy, or a directory for a copy of the same name; a symbolic link to a file is
     *     followed
     * @param options how
     * @return a future of what was done; fails as the class says
     */
    public static TransferFuture<TransferResult> copyAsync(
            Ring ring, Path source, Path target, TransferOptions options) {
        TransferFuture<TransferResult> future = new TransferFuture<>();
        return future.of(copy(ring, source, target, options, future));
    }

    /**
     * The callback form of {@link #copyAsync}.
     *
     * @param ring does the work
     * @param source a regular file
     * @param target the name of the copy, or a directory
     * @param options how
     * @param callback whom to tell; {@link RingCallback#submitted} is not called, use {@link #cancel} of what is returned
     * @return the transfer, for cancelling it
     */
    public static FileTransfer copy(
            Ring ring, Path source, Path target, TransferOptions options, RingCallback<TransferResult> callback) {
        return new FileTransfer(new CopyRun(ring, source, target, options, callback));
    }

    /**
     * Hashes a file.
     *
     * @param ring does the work
     * @param file a regular file
     * @param options chunk size, depth, hash, {@link TransferOptions#plainHash()}, direct I/O and listener count
     * @return a future of the hash; fails with {@link SourceChangedException} if somebody writes to the file meanwhile
     */
    public static TransferFuture<FileHash> hashAsync(Ring ring, Path file, TransferOptions options) {
        TransferFuture<FileHash> future = new TransferFuture<>();
        return future.of(hash(ring, file, options, future));
    }

    /**
     * The callback form of {@link #hashAsync}.
     *
     * @param ring does the work
     * @param file a regular file
     * @param options as for {@link #hashAsync}
     * @param callback whom to tell; {@link RingCallback#submitted} is not called, use {@link #cancel} of what is returned
     * @return the transfer, for cancelling it
     */
    public static FileTransfer hash(Ring ring, Path file, TransferOptions options, RingCallback<FileHash> callback) {
        return new FileTransfer(new HashRun(ring, file, options, callback));
    }

    /**
     * Sends a file to a peer that receives with {@link #receiveAsync}, and completes when the peer has it under its name.
     * Afterwards the connection can be used for the next. If the transfer fails or is cancelled the connection is closed.
     *
     * @param socket a connection to the peer, on which nothing else is sent or received meanwhile
     * @param source a regular file
     * @param options chunk size, depth, hash, direct I/O, sparse, idle timeout and listener count
     * @return a future of what was done; fails with {@link TransferException} if the peer refuses or breaks the protocol
     */
    public static TransferFuture<TransferResult> sendAsync(RingSocket socket, Path source, TransferOptions options) {
        TransferFuture<TransferResult> future = new TransferFuture<>();
        return future.of(send(socket, source, options, future));
    }

    /**
     * The callback form of {@link #sendAsync}.
     *
     * @param socket a connection to the peer
     * @param source a regular file
     * @param options as for {@link #sendAsync}
     * @param callback whom to tell; {@link RingCallback#submitted} is not called, use {@link #cancel} of what is returned
     * @return the transfer, for cancelling it
     */
    public static FileTransfer send(
            RingSocket socket, Path source, TransferOptions options, RingCallback<TransferResult> callback) {
        return new FileTransfer(new SendRun(socket, source, options, callback));
    }

    /**
     * Receives one file from a peer that sends with {@link #sendAsync}. The peer is not trusted: it chooses no place
     * outside the directory, no more memory than 64 MiB for chunks, and no larger file than
     * {@link TransferOptions#maxSize()}. If the transfer fails or is cancelled the connection is closed.
     *
     * @param socket a connection to the peer, on which nothing else is sent or received meanwhile
     * @param target an existing directory, in which the file gets the name that the peer gives it, or the name of the file
     * @param options all but chunk size and hash count, which are the sender's
     * @return a future of what was done; fails with {@link java.io.EOFException} if the peer closes the connection before
     *     it has begun to send, and with {@link TransferException} if it breaks the protocol
     */
    public static TransferFuture<TransferResult> receiveAsync(RingSocket socket, Path target, TransferOptions options) {
        TransferFuture<TransferResult> future = new TransferFuture<>();
        return future.of(receive(socket, target, options, future));
    }

    /**
     * The callback form of {@link #receiveAsync}.
     *
     * @param socket a connection to the peer
     * @param target an existing directory, or the name of the file
     * @param options as for {@link #receiveAsync}
     * @param callback whom to tell; {@link RingCallback#submitted} is not called, use {@link #cancel} of what is returned
     * @return the transfer, for cancelling it
     */
    public static FileTransfer receive(
            RingSocket socket, Path target, TransferOptions options, RingCallback<TransferResult> callback) {
        return new FileTransfer(new ReceiveRun(socket, target, options, callback));
    }

    /**
     * Which chunks a copy would have to move: all but those that an interrupted one left and that have the right hash.
     * Nothing is written.
     *
     * @param ring does the work
     * @param source a regular file
     * @param target as for {@link #copyAsync}
     * @param options as for {@link #copyAsync}
     * @return a future of the chunks, in order; empty if all are there, or the source is empty
     */
    public static TransferFuture<List<ChunkRange>> missingChunksAsync(
            Ring ring, Path source, Path target, TransferOptions options) {
        TransferFuture<List<ChunkRange>> future = new TransferFuture<>();
        return future.of(missingChunks(ring, source, target, options, future));
    }

    /**
     * The callback form of {@link #missingChunksAsync}.
     *
     * @param ring does the work
     * @param source a regular file
     * @param target as for {@link #copyAsync}
     * @param options as for {@link #copyAsync}
     * @param callback whom to tell; {@link RingCallback#submitted} is not called, use {@link #cancel} of what is returned
     * @return the transfer, for cancelling it
     */
    public static FileTransfer missingChunks(
            Ring ring, Path source, Path target, TransferOptions options, RingCallback<List<ChunkRange>> callback) {
        return new FileTransfer(new MissingRun(ring, source, target, options, callback));
    }

    /**
     * Asks the transfer to end. It cancels what is in flight, waits until the kernel has let go of its memory, closes its
     * files, and then fails with {@link java.util.concurrent.CancellationException}; if it had already given the target
     * its name it succeeds. Any thread; without effect on a transfer that has ended.
     */
    public void cancel() {
        run.cancel();
    }
}
