package dev.ringflow.windows.internal;

import java.nio.ByteBuffer;
import jnr.ffi.LastError;
import jnr.ffi.LibraryLoader;
import jnr.ffi.Pointer;
import jnr.ffi.Runtime;
import jnr.ffi.annotations.LongLong;
import jnr.ffi.annotations.SaveError;
import org.jspecify.annotations.Nullable;

/**
 * The functions of ws2_32 that the Windows packages need. Each returns its result (0 where Winsock has only "it
 * worked"), or the negated Winsock error when it failed, so that no caller has to ask for the last error. Sockets are
 * positive.
 *
 * <p>The library is loaded, and {@code WSAStartup} called, at the first use of this class: {@code ws2_32}, and before
 * it what the system property {@value #LIBRARY_PROPERTY} names. Where that fails, {@link #failure()} says why, and
 * every function throws {@link IllegalStateException}.
 *
 * <p>Safe for use by any thread.
 */
public final class Ws2_32 {
    /** System property: a library whose functions are taken before those of {@code ws2_32}. */
    public static final String LIBRARY_PROPERTY = "ringflow.windows.ws2_32";

    /** Size of {@code WSADATA} in bytes. */
    public static final int WSADATA_SIZE = 408;

    private static final int VERSION_2_2 = 0x0202;

    /** {@code WSAEINVAL}: stands in where a function failed without an error code. */
    private static final int WSAEINVAL = 10022;

    private Ws2_32() {}

    /**
     * Why Winsock cannot be called from this process.
     *
     * @return the failure, or null when all is well
     */
    public static @Nullable Throwable failure() {
        return Native.FAILURE;
    }

    /**
     * The functions as JNR-FFI binds them. Public because JNR-FFI implements it in a module of its own. Sockets and
     * addresses are {@code @LongLong}: a {@code long} without has 32 bits on Windows.
     */
    public interface Calls {
        /** {@code WSAStartup}; returns the error itself. */
        int WSAStartup(int version, @LongLong long data);

        /** {@code WSASocketW}; six parameters, so one of them is an object. */
        @SaveError
        @LongLong
        long WSASocketW(int family, int type, int protocol, @Nullable Pointer info, int group, int flags);

        /** {@code bind}. */
        @SaveError
        int bind(@LongLong long socket, @LongLong long address, int length);

        /** {@code connect}. */
        @SaveError
        int connect(@LongLong long socket, @LongLong long address, int length);

        /** {@code listen}. */
        @SaveError
        int listen(@LongLong long socket, int backlog);

        /** {@code closesocket}. */
        @SaveError
        int closesocket(@LongLong long socket);

        /** {@code shutdown}. */
        @SaveError
        int shutdown(@LongLong long socket, int how);

        /** {@code ioctlsocket}. */
        @SaveError
        int ioctlsocket(@LongLong long socket, int command, @LongLong long argument);

        /** {@code setsockopt}. */
        @SaveError
        int setsockopt(@LongLong long socket, int level, int name, @LongLong long value, int length);

        /** {@code getsockopt}. */
        @SaveError
        int getsockopt(@LongLong long socket, int level, int name, @LongLong long value, @LongLong long length);

        /** {@code getsockname}. */
        @SaveError
        int getsockname(@LongLong long socket, @LongLong long address, @LongLong long length);

        /** {@code getpeername}. */
        @SaveError
        int getpeername(@LongLong long socket, @LongLong long address, @LongLong long length);

        /** {@code WSAIoctl}. */
        @SaveError
        int WSAIoctl(
                @LongLong long socket,
                int code,
                @LongLong long in,
                int inLength,
                @LongLong long out,
                int outLength,
                @LongLong long bytes,
                @LongLong long overlapped,
                @LongLong long routine);

        /** {@code WSARecv}. */
        @SaveError
        int WSARecv(
                @LongLong long socket,
                @LongLong long buffers,
                int count,
                @LongLong long bytes,
                @LongLong long flags,
                @LongLong long overlapped,
                @LongLong long routine);

        /** {@code WSASend}. */
        @SaveError
        int WSASend(
                @LongLong long socket,
                @LongLong long buffers,
                int count,
                @LongLong long bytes,
                int flags,
                @LongLong long overlapped,
                @LongLong long routine);

        /** {@code WSARecvFrom}. */
        @SaveError
        int WSARecvFrom(
                @LongLong long socket,
                @LongLong long buffers,
                int count,
                @LongLong long bytes,
                @LongLong long flags,
                @LongLong long from,
                @LongLong long fromLength,
                @LongLong long overlapped,
                @LongLong long routine);

        /** {@code WSASendTo}. */
        @SaveError
        int WSASendTo(
                @LongLong long socket,
                @LongLong long buffers,
                int count,
                @LongLong long bytes,
                int flags,
                @LongLong long to,
                int toLength,
                @LongLong long overlapped,
                @LongLong long routine);
    }

    private static final class Native {
        static final @Nullable Calls CALLS;
        static final @Nullable Runtime RUNTIME;
        static final @Nullable Throwable FAILURE;

        static {
            Calls calls = null;
            Runtime runtime = null;
            Throwable failure = null;
            try {
                calls = load();
                runtime = Runtime.getRuntime(calls);
                final ByteBuffer data = DirectMemory.allocate(WSADATA_SIZE, Long.BYTES);
                final int error = calls.WSAStartup(VERSION_2_2, DirectMemory.address(data));
                if (error != 0) {
                    failure = new IllegalStateException("WSAStartup(2.2) answered " + error);
                }
            } catch (final RuntimeException | LinkageError e) {
                failure = e;
            }
            CALLS = failure == null ? calls : null;
            RUNTIME = runtime;
            FAILURE = failure;
        }

        private static Calls load() {
            final String library = Libraries.locate(LIBRARY_PROPERTY, "ws2_32");
            final LibraryLoader<Calls> loader = LibraryLoader.create(Calls.class);
            return Libraries.isWindows() && !library.equals("ws2_32")
                    ? loader.library(library).load("ws2_32")
                    : loader.load(library);
        }
    }

    private static Calls calls() {
        final Calls calls = Native.CALLS;
        if (calls == null) {
            throw new IllegalStateException("Winsock cannot be called: " + Native.FAILURE, Native.FAILURE);
        }
        return calls;
    }

    /**
     * The error of the call just made by this thread, through this class or {@link NativeFunction}.
     *
     * @return the negated error
     */
    public static int failed() {
        final int error = LastError.getLastError(Native.RUNTIME);
        return error > 0 ? -error : -WSAEINVAL;
    }

    private static int worked(final int answer) {
        return answer == 0 ? 0 : failed();
    }

    /**
     * {@code WSASocketW}.
     *
     * @param family {@code AF_} constant
     * @param type {@code SOCK_} constant
     * @param protocol {@code IPPROTO_} constant, or 0
     * @param flags {@code WSA_FLAG_} constants
     * @return the socket, or the negated error
     */
    public static long socket(final int family, final int type, final int protocol, final int flags) {
        final long socket = calls().WSASocketW(family, type, protocol, null, 0, flags);
        return socket != -1 ? socket : failed();
    }

    /**
     * {@code bind}.
     *
     * @param socket a socket
     * @param address address of a {@code sockaddr}
     * @param length its length in bytes
     * @return 0, or the negated error
     */
    public static int bind(final long socket, final long address, final int length) {
        return worked(calls().bind(socket, address, length));
    }

    /**
     * {@code connect}, which waits for a stream to be connected.
     *
     * @param socket a socket
     * @param address address of a {@code sockaddr}
     * @param length its length in bytes
     * @return 0, or the negated error
     */
    public static int connect(final long socket, final long address, final int length) {
        return worked(calls().connect(socket, address, length));
    }

    /**
     * {@code listen}.
     *
     * @param socket a bound socket
     * @param backlog connections that may wait
     * @return 0, or the negated error
     */
    public static int listen(final long socket, final int backlog) {
        return worked(calls().listen(socket, backlog));
    }

    /**
     * {@code closesocket}. Requests in flight complete with {@code WSA_OPERATION_ABORTED} afterwards.
     *
     * @param socket a socket
     * @return 0, or the negated error
     */
    public static int closesocket(final long socket) {
        return worked(calls().closesocket(socket));
    }

    /**
     * {@code shutdown}.
     *
     * @param socket a connected socket
     * @param how {@code SD_} constant
     * @return 0, or the negated error
     */
    public static int shutdown(final long socket, final int how) {
        return worked(calls().shutdown(socket, how));
    }

    /**
     * {@code ioctlsocket}: asks a socket, or sets something of it.
     *
     * @param socket a socket
     * @param command {@code FIO} constant
     * @param argument address of an int
     * @return 0, or the negated error
     */
    public static int ioctlsocket(final long socket, final int command, final long argument) {
        return worked(calls().ioctlsocket(socket, command, argument));
    }

    /**
     * {@code setsockopt}.
     *
     * @param socket a socket
     * @param level {@code SOL_SOCKET} or {@code IPPROTO_} constant
     * @param name the option
     * @param value address of its value, or 0
     * @param length length of the value in bytes
     * @return 0, or the negated error
     */
    public static int setsockopt(
            final long socket, final int level, final int name, final long value, final int length) {
        return worked(calls().setsockopt(socket, level, name, value, length));
    }

    /**
     * {@code getsockopt}.
     *
     * @param socket a socket
     * @param level {@code SOL_SOCKET} or {@code IPPROTO_} constant
     * @param name the option
     * @param value where its value goes
     * @param length address of an int: room for the value, and its length afterwards
     * @return 0, or the negated error
     */
    public static int getsockopt(
            final long socket, final int level, final int name, final long value, final long length) {
        return worked(calls().getsockopt(socket, level, name, value, length));
    }

    /**
     * {@code getsockname}.
     *
     * @param socket a bound socket
     * @param address where the {@code sockaddr} goes
     * @param length address of an int: room for the address, and its length afterwards
     * @return 0, or the negated error
     */
    public static int getsockname(final long socket, final long address, final long length) {
        return worked(calls().getsockname(socket, address, length));
    }

    /**
     * {@code getpeername}.
     *
     * @param socket a connected socket
     * @param address where the {@code sockaddr} goes
     * @param length address of an int: room for the address, and its length afterwards
     * @return 0, or the negated error
     */
    public static int getpeername(final long socket, final long address, final long length) {
        return worked(calls().getpeername(socket, address, length));
    }

    /**
     * {@code WSAIoctl}, waiting for the answer.
     *
     * @param socket a socket
     * @param code {@code SIO_} constant
     * @param in address of the input, or 0
     * @param inLength its length in bytes
     * @param out where the answer goes, or 0
     * @param outLength room for it in bytes
     * @param bytes address of an int: the length of the answer
     * @return 0, or the negated error
     */
    public static int ioctl(
            final long socket,
            final int code,
            final long in,
            final int inLength,
            final long out,
            final int outLength,
            final long bytes) {
        return worked(calls().WSAIoctl(socket, code, in, inLength, out, outLength, bytes, 0, 0));
    }

    /**
     * {@code WSARecv}, overlapped.
     *
     * @param socket a connected socket, or a bound one for datagrams
     * @param buffer address of one {@code WSABUF}
     * @param bytes address of an int: how many came, if they came at once
     * @param flags address of an int: {@code MSG_} flags
     * @param overlapped address of the {@code OVERLAPPED}
     * @return 0 or -997: a completion will come; another negated error: none will
     */
    public static int receive(
            final long socket, final long buffer, final long bytes, final long flags, final long overlapped) {
        return worked(calls().WSARecv(socket, buffer, 1, bytes, flags, overlapped, 0));
    }

    /**
     * {@code WSASend}, overlapped.
     *
     * @param socket a connected socket
     * @param buffer address of one {@code WSABUF}
     * @param bytes address of an int: how many went, if they went at once
     * @param flags {@code MSG_} flags
     * @param overlapped address of the {@code OVERLAPPED}
     * @return 0 or -997: a completion will come; another negated error: none will
     */
    public static int send(
            final long socket, final long buffer, final long bytes, final int flags, final long overlapped) {
        return worked(calls().WSASend(socket, buffer, 1, bytes, flags, overlapped, 0));
    }

    /**
     * {@code WSARecvFrom}, overlapped.
     *
     * @param socket a bound socket
     * @param buffer address of one {@code WSABUF}
     * @param bytes address of an int: how many came, if they came at once
     * @param flags address of an int: {@code MSG_} flags; valid until the completion
     * @param from where the sender's address goes; valid until the completion
     * @param fromLength address of an int: room for it, and its length afterwards; valid until the completion
     * @param overlapped address of the {@code OVERLAPPED}
     * @return 0 or -997: a completion will come; another negated error: none will
     */
    public static int receiveFrom(
            final long socket,
            final long buffer,
            final long bytes,
            final long flags,
            final long from,
            final long fromLength,
            final long overlapped) {
        return worked(calls().WSARecvFrom(socket, buffer, 1, bytes, flags, from, fromLength, overlapped, 0));
    }

    /**
     * {@code WSASendTo}, overlapped.
     *
     * @param socket a socket
     * @param buffer address of one {@code WSABUF}
     * @param bytes address of an int: how many went, if they went at once
     * @param flags {@code MSG_} flags
     * @param to address of the receiver's {@code sockaddr}
     * @param toLength its length in bytes
     * @param overlapped address of the {@code OVERLAPPED}
     * @return 0 or -997: a completion will come; another negated error: none will
     */
    public static int sendTo(
            final long socket,
            final long buffer,
            final long bytes,
            final int flags,
            final long to,
            final int toLength,
            final long overlapped) {
        return worked(calls().WSASendTo(socket, buffer, 1, bytes, flags, to, toLength, overlapped, 0));
    }
}
