package dev.ringflow.windows.rio;

import com.kenai.jffi.Type;
import dev.ringflow.windows.internal.DirectMemory;
import dev.ringflow.windows.internal.NativeFunction;
import dev.ringflow.windows.internal.Ws2_32;
import dev.ringflow.windows.iocp.Winsock;
import dev.ringflow.windows.iocp.WinsockConstants;
import dev.ringflow.windows.iocp.WinsockException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * {@code RIO_EXTENSION_FUNCTION_TABLE}: the functions of Registered I/O, of which Winsock gives out the addresses.
 * The thin layer: nothing is checked here. Functions that can fail answer 0, or the negated error.
 */
final class RioFunctions {
    /** {@code RIO_INVALID_BUFFERID}. */
    static final long INVALID_BUFFER = 0xFFFFFFFFL;

    /** {@code RIO_CORRUPT_CQ}. */
    static final int CORRUPT = -1;

    private static final byte[] GUID = {
        (byte) 0x81,
        (byte) 0xe0,
        0x09,
        (byte) 0x85,
        (byte) 0xdd,
        (byte) 0x96,
        0x05,
        0x40,
        (byte) 0xb1,
        0x65,
        (byte) 0x9e,
        0x2e,
        (byte) 0xe8,
        (byte) 0xc7,
        (byte) 0x9e,
        0x3f
    };

    private final NativeFunction receive;
    private final NativeFunction receiveEx;
    private final NativeFunction send;
    private final NativeFunction sendEx;
    private final NativeFunction closeCompletionQueue;
    private final NativeFunction createCompletionQueue;
    private final NativeFunction createRequestQueue;
    private final NativeFunction dequeueCompletion;
    private final NativeFunction deregisterBuffer;
    private final NativeFunction notification;
    private final NativeFunction registerBuffer;
    private final NativeFunction resizeCompletionQueue;
    private final NativeFunction resizeRequestQueue;

    private RioFunctions(final ByteBuffer table) {
        receive = transfer(table, RioLayout.TABLE_RECEIVE);
        receiveEx = transferEx(table, RioLayout.TABLE_RECEIVE_EX);
        send = transfer(table, RioLayout.TABLE_SEND);
        sendEx = transferEx(table, RioLayout.TABLE_SEND_EX);
        closeCompletionQueue = function(table, RioLayout.TABLE_CLOSE_COMPLETION_QUEUE, Type.VOID, Type.POINTER);
        createCompletionQueue =
                function(table, RioLayout.TABLE_CREATE_COMPLETION_QUEUE, Type.POINTER, Type.UINT32, Type.POINTER);
        createRequestQueue = function(
                table,
                RioLayout.TABLE_CREATE_REQUEST_QUEUE,
                Type.POINTER,
                Type.UINT64,
                Type.UINT32,
                Type.UINT32,
                Type.UINT32,
                Type.UINT32,
                Type.POINTER,
                Type.POINTER,
                Type.POINTER);
        dequeueCompletion = function(
                table, RioLayout.TABLE_DEQUEUE_COMPLETION, Type.UINT32, Type.POINTER, Type.POINTER, Type.UINT32);
        deregisterBuffer = function(table, RioLayout.TABLE_DEREGISTER_BUFFER, Type.VOID, Type.POINTER);
        notification = function(table, RioLayout.TABLE_NOTIFY, Type.SINT32, Type.POINTER);
        registerBuffer = function(table, RioLayout.TABLE_REGISTER_BUFFER, Type.POINTER, Type.POINTER, Type.UINT32);
        resizeCompletionQueue =
                function(table, RioLayout.TABLE_RESIZE_COMPLETION_QUEUE, Type.SINT32, Type.POINTER, Type.UINT32);
        resizeRequestQueue = function(
                table, RioLayout.TABLE_RESIZE_REQUEST_QUEUE, Type.SINT32, Type.POINTER, Type.UINT32, Type.UINT32);
    }

    private static NativeFunction function(
            final ByteBuffer table, final int offset, final Type result, final Type... parameters) {
        return new NativeFunction(table.getLong(offset), result, parameters);
    }

    private static NativeFunction transfer(final ByteBuffer table, final int offset) {
        return function(table, offset, Type.SINT32, Type.POINTER, Type.POINTER, Type.UINT32, Type.UINT32, Type.POINTER);
    }

    private static NativeFunction transferEx(final ByteBuffer table, final int offset) {
        return function(
                table,
                offset,
                Type.SINT32,
                Type.POINTER,
                Type.POINTER,
                Type.UINT32,
                Type.POINTER,
                Type.POINTER,
                Type.POINTER,
                Type.POINTER,
                Type.UINT32,
                Type.POINTER);
    }

    /**
     * Asks Winsock for the table.
     *
     * @return the functions
     * @throws WinsockException if there is no Registered I/O here
     */
    static RioFunctions load() throws WinsockException {
        final long socket = Winsock.socket(
                WinsockConstants.AF_INET,
                WinsockConstants.SOCK_STREAM,
                WinsockConstants.IPPROTO_TCP,
                WinsockConstants.WSA_FLAG_REGISTERED_IO);
        try {
            final ByteBuffer memory = DirectMemory.allocate(RioLayout.TABLE_SIZE + 32, Long.BYTES);
            final int guid = RioLayout.TABLE_SIZE;
            memory.putInt(0, RioLayout.TABLE_SIZE).put(guid, GUID);
            final long address = DirectMemory.address(memory);
            final int answer = Ws2_32.ioctl(
                    socket,
                    WinsockConstants.SIO_GET_MULTIPLE_EXTENSION_FUNCTION_POINTER,
                    address + guid,
                    GUID.length,
                    address,
                    RioLayout.TABLE_SIZE,
                    address + guid + GUID.length);
            if (answer < 0) {
                throw new WinsockException(
                        answer, "WSAIoctl(SIO_GET_MULTIPLE_EXTENSION_FUNCTION_POINTER, Registered I/O)");
            }
            return new RioFunctions(memory);
        } finally {
            Winsock.close(socket);
        }
    }

    private static int answer(final long result) {
        return (int) result != 0 ? 0 : Ws2_32.failed();
    }

    /** A handle, or the negated error. */
    private static long handle(final long result) {
        return result != 0 ? result : Ws2_32.failed();
    }

    int receive(final long queue, final long data, final int count, final int flags, final long context) {
        return answer(receive.call(queue, data, count, flags, context));
    }

    int send(final long queue, final long data, final int count, final int flags, final long context) {
        return answer(send.call(queue, data, count, flags, context));
    }

    /** The five pieces are addresses of {@code RIO_BUF}, or 0. */
    int transferEx(
            final boolean sends,
            final long queue,
            final long data,
            final long local,
            final long remote,
            final long control,
            final long messageFlags,
            final int flags,
            final long context) {
        return answer((sends ? sendEx : receiveEx)
                .callInt(queue, data, data == 0 ? 0 : 1, local, remote, control, messageFlags, flags, context));
    }

    long createCompletionQueue(final int size, final @Nullable ByteBuffer how) {
        return handle(createCompletionQueue.call(size, how == null ? 0 : DirectMemory.address(how)));
    }

    void closeCompletionQueue(final long queue) {
        closeCompletionQueue.call(queue);
    }

    long createRequestQueue(
            final long socket,
            final int receives,
            final int sends,
            final long receiveQueue,
            final long sendQueue,
            final long context) {
        return handle(createRequestQueue.callAddress(socket, receives, 1, sends, 1, receiveQueue, sendQueue, context));
    }

    /** How many, or {@link #CORRUPT}. */
    int dequeue(final long queue, final long results, final int room) {
        return (int) dequeueCompletion.call(queue, results, room);
    }

    /** 0, or the negated error, which this function returns itself. */
    int notify(final long queue) {
        return -(int) notification.call(queue);
    }

    /** An id, or the negated error. */
    long registerBuffer(final long address, final int bytes) {
        final long id = registerBuffer.call(address, bytes);
        return id != INVALID_BUFFER && id != -1 ? id : Ws2_32.failed();
    }

    void deregisterBuffer(final long id) {
        deregisterBuffer.call(id);
    }

    int resizeCompletionQueue(final long queue, final int size) {
        return answer(resizeCompletionQueue.call(queue, size));
    }

    int resizeRequestQueue(final long queue, final int receives, final int sends) {
        return answer(resizeRequestQueue.call(queue, receives, sends));
    }
}
