package dev.ringflow.windows.iocp;

import com.kenai.jffi.Type;
import dev.ringflow.windows.internal.DirectMemory;
import dev.ringflow.windows.internal.NativeFunction;
import java.net.SocketAddress;
import java.nio.ByteBuffer;

/**
 * {@code ConnectEx}: connects sockets by overlapped requests.
 *
 * <pre>{@code
 * long socket = Winsock.socket(AF_INET, SOCK_STREAM, IPPROTO_TCP, WSA_FLAG_REGISTERED_IO);
 * port.associate(socket, 7);
 * ConnectEx connector = ConnectEx.of(socket);
 * connector.connect(socket, address, block);    // 0: the completion comes to the port
 * …
 * ConnectEx.finish(socket);                     // after a completion without error
 * }</pre>
 *
 * <p>Safe for use by any thread. The request is cancelled when the thread that made it ends.
 */
public final class ConnectEx {
    private static final byte[] GUID = {
        (byte) 0xb9,
        0x07,
        (byte) 0xa2,
        0x25,
        (byte) 0xf3,
        (byte) 0xdd,
        0x60,
        0x46,
        (byte) 0x8e,
        (byte) 0xe9,
        0x76,
        (byte) 0xe5,
        (byte) 0x8c,
        0x74,
        0x06,
        0x3e
    };

    private final NativeFunction function;

    private ConnectEx(final NativeFunction function) {
        this.function = function;
    }

    /**
     * Looks the function up.
     *
     * @param socket a stream socket; the function serves all of its family
     * @return the function
     * @throws WinsockException if the socket's provider lacks it
     */
    public static ConnectEx of(final long socket) throws WinsockException {
        return new ConnectEx(new NativeFunction(
                Winsock.extension(socket, "ConnectEx", GUID),
                Type.SINT32,
                Type.UINT64,
                Type.POINTER,
                Type.SINT32,
                Type.POINTER,
                Type.UINT32,
                Type.POINTER,
                Type.POINTER));
    }

    /**
     * Begins to connect. A socket that is not bound is bound to any port first, as the function demands.
     *
     * @param socket a stream socket that is associated with a port
     * @param address whom to connect to, of the socket's family
     * @param block a block that is not in use
     * @return 0 when a completion will come; otherwise the negated error
     * @throws WinsockException if the socket cannot be bound
     */
    public int connect(final long socket, final SocketAddress address, final Overlapped block) throws WinsockException {
        final long at = block.prepare(0);
        final int length = SocketAddresses.set(block.memory(), Overlapped.ADDRESS, address);
        Winsock.bindToAny(socket, SocketAddresses.family(address));
        return block.started(Winsock.answer(
                function.callInt(socket, at + Overlapped.ADDRESS, length, 0, 0, at + Overlapped.BYTES, at)));
    }

    /**
     * {@code SO_UPDATE_CONNECT_CONTEXT}: after this the socket knows its addresses and can be shut down.
     *
     * @param socket a socket whose connecting completed without error
     * @throws WinsockException if it is not connected
     */
    public static void finish(final long socket) throws WinsockException {
        final ByteBuffer none = DirectMemory.allocate(0, 1);
        Winsock.setOption(socket, WinsockConstants.SOL_SOCKET, WinsockConstants.SO_UPDATE_CONNECT_CONTEXT, none);
    }
}
