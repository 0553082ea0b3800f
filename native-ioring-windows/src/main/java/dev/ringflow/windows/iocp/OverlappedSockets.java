package dev.ringflow.windows.iocp;

import dev.ringflow.windows.internal.DirectMemory;
import dev.ringflow.windows.internal.Kernel32;
import dev.ringflow.windows.internal.Ws2_32;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Overlapped requests on sockets that are associated with a {@link CompletionPort}: what is left where Registered I/O
 * is missing.
 *
 * <p>Each answers 0 when exactly one completion will come, also when the request was done at once, and otherwise the
 * negated error, when none will. Until the completion, the block and the buffer are the kernel's. All requests of a
 * thread are cancelled when the thread ends: make them from one that lives long.
 */
public final class OverlappedSockets {
    private OverlappedSockets() {}

    private static void transfer(final Overlapped block, final ByteBuffer buffer) {
        block.setBuffer(DirectMemory.address(buffer) + buffer.position(), buffer.remaining(), 0);
        block.attach(buffer);
    }

    /**
     * {@code WSARecv}: receives into a buffer, from its position to its limit. The position is left alone. A
     * completion with 0 bytes is the end of the stream.
     *
     * @param socket a connected socket
     * @param buffer a direct buffer, which the block keeps reachable
     * @param block a block that is not in use
     * @return 0, or the negated error
     */
    public static int receive(final long socket, final ByteBuffer buffer, final Overlapped block) {
        final long at = block.prepare(0);
        transfer(block, buffer);
        return block.started(
                Ws2_32.receive(socket, at + Overlapped.BUFFER, at + Overlapped.BYTES, at + Overlapped.FLAGS, at));
    }

    /**
     * {@code WSASend}: sends what a buffer has from its position to its limit. The position is left alone.
     *
     * @param socket a connected socket
     * @param buffer a direct buffer, which the block keeps reachable
     * @param block a block that is not in use
     * @return 0, or the negated error
     */
    public static int send(final long socket, final ByteBuffer buffer, final Overlapped block) {
        final long at = block.prepare(0);
        transfer(block, buffer);
        return block.started(Ws2_32.send(socket, at + Overlapped.BUFFER, at + Overlapped.BYTES, 0, at));
    }

    /**
     * {@code WSARecvFrom}: receives a datagram; {@link Overlapped#sender()} tells from whom. A datagram that does not
     * fit completes with {@link WinsockError#WSAEMSGSIZE}, and the rest of it is lost.
     *
     * @param socket a bound datagram socket
     * @param buffer a direct buffer, which the block keeps reachable
     * @param block a block that is not in use
     * @return 0, or the negated error
     */
    public static int receiveFrom(final long socket, final ByteBuffer buffer, final Overlapped block) {
        final long at = block.prepare(0);
        transfer(block, buffer);
        block.memory().putInt(Overlapped.ADDRESS_LENGTH, SocketAddresses.STORAGE_SIZE);
        return block.started(Ws2_32.receiveFrom(
                socket,
                at + Overlapped.BUFFER,
                at + Overlapped.BYTES,
                at + Overlapped.FLAGS,
                at + Overlapped.ADDRESS,
                at + Overlapped.ADDRESS_LENGTH,
                at));
    }

    /**
     * {@code WSASendTo}: sends a datagram.
     *
     * @param socket a datagram socket
     * @param buffer a direct buffer, which the block keeps reachable
     * @param to the receiver
     * @param block a block that is not in use
     * @return 0, or the negated error
     */
    public static int sendTo(
            final long socket, final ByteBuffer buffer, final SocketAddress to, final Overlapped block) {
        final long at = block.prepare(0);
        transfer(block, buffer);
        final int length = SocketAddresses.set(block.memory(), Overlapped.ADDRESS, to);
        return block.started(Ws2_32.sendTo(
                socket, at + Overlapped.BUFFER, at + Overlapped.BYTES, 0, at + Overlapped.ADDRESS, length, at));
    }

    /**
     * {@code CancelIoEx}: asks that a request, or all of a handle, be cancelled. Their completions come in any case.
     *
     * @param handle the socket, or file
     * @param block the request, or null for all of this process on that handle
     * @return 0, or the negated error: {@link WinsockError#ERROR_NOT_FOUND} when nothing is in flight
     */
    public static int cancel(final long handle, final @Nullable Overlapped block) {
        return Kernel32.cancelIoEx(handle, block == null ? 0 : block.address());
    }
}
