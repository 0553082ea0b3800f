package dev.ringflow.windows.driver;

import dev.ringflow.net.ListenOptions;
import dev.ringflow.net.StreamOptions;
import dev.ringflow.spi.OpCode;
import dev.ringflow.spi.Operation;
import dev.ringflow.windows.internal.DirectMemory;
import dev.ringflow.windows.internal.Ws2_32;
import dev.ringflow.windows.iocp.WinsockConstants;
import dev.ringflow.windows.iocp.WinsockError;
import java.io.IOException;
import java.net.SocketOption;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** {@code getsockopt} and {@code setsockopt}. */
final class SocketOptionCalls {
    private static final int ROOM = 16;

    private SocketOptionCalls() {}

    /** Does what an operation asks for; its answer. */
    static @Nullable Object run(Operation operation, SocketState socket) throws IOException {
        SocketOption<?> option = (SocketOption<?>) Objects.requireNonNull(operation.argument(), "option");
        Object target = operation.owner() == null ? socket : operation.owner();
        if (operation.opCode() == OpCode.GET_OPTION) {
            return get(target, socket, option);
        }
        SocketOptionKind kind = kind(target, socket.family, isStream(socket), option);
        if (!kind.settable()) {
            throw SocketFailures.unsupportedOption(target, option);
        }
        check(
                target,
                option,
                set(socket.socket, socket.family, kind, Objects.requireNonNull(operation.secondArgument())));
        return null;
    }

    private static boolean isStream(SocketState socket) {
        return !(socket instanceof DatagramSocketState);
    }

    private static SocketOptionKind kind(Object target, int family, boolean streams, SocketOption<?> option) {
        SocketOptionKind kind = SocketOptionKind.of(option);
        if (kind == null || !kind.fits(family, streams)) {
            throw SocketFailures.unsupportedOption(target, option);
        }
        return kind;
    }

    private static Object get(Object target, SocketState socket, SocketOption<?> option) throws IOException {
        SocketOptionKind kind = kind(target, socket.family, isStream(socket), option);
        ByteBuffer memory = DirectMemory.allocate(ROOM + Integer.BYTES, Long.BYTES);
        check(target, option, read(socket, kind, memory));
        int number = memory.getInt(ROOM) == 1 ? memory.get(0) : memory.getInt(0);
        return switch (kind.form()) {
            case FLAG -> number != 0;
            case NUMBER -> number;
            case LINGER -> memory.getShort(0) == 0 ? -1 : Short.toUnsignedInt(memory.getShort(Short.BYTES));
        };
    }

    private static int set(long socket, int family, SocketOptionKind kind, Object value) {
        ByteBuffer memory = DirectMemory.allocate(ROOM, Long.BYTES);
        switch (kind.form()) {
            case FLAG -> memory.putInt(0, (Boolean) value ? 1 : 0);
            case NUMBER -> memory.putInt(0, (Integer) value);
            case LINGER -> {
                int seconds = (Integer) value;
                memory.putShort(0, (short) (seconds < 0 ? 0 : 1));
                memory.putShort(Short.BYTES, (short) Math.max(0, Math.min(0xFFFF, seconds)));
            }
        }
        return Ws2_32.setsockopt(
                socket, kind.level(family), kind.number(family), DirectMemory.address(memory), Integer.BYTES);
    }

    private static void check(Object target, SocketOption<?> option, int answer) throws IOException {
        if (answer == -WinsockError.WSAENOPROTOOPT || answer == -WinsockError.WSAEOPNOTSUPP) {
            throw SocketFailures.unsupportedOption(target, option);
        } else if (answer < 0) {
            throw SocketFailures.option(target, option, -answer);
        }
    }

    /** Sets an option of a socket that is being made. */
    static void set(Operation operation, long socket, int family, SocketOption<?> option, Object value)
            throws IOException {
        Object target = String.valueOf(operation.argument());
        SocketOptionKind kind = SocketOptionKind.of(option);
        if (kind == null || !kind.settable()) {
            throw SocketFailures.unsupportedOption(target, option);
        }
        check(target, option, set(socket, family, kind, value));
    }

    /** Sets what a connection or a listening socket is made with. */
    static void apply(Operation operation, long socket, int family, StreamOptions options) throws IOException {
        boolean tcp = family != WinsockConstants.AF_UNIX;
        for (Map.Entry<SocketOption<?>, Object> each :
                options.socketOptions(tcp).entrySet()) {
            // Windows shares a port with whoever asks for this: there, a port is free again without it
            if (each.getKey() != StandardSocketOptions.SO_REUSEADDR) {
                set(operation, socket, family, each.getKey(), each.getValue());
            }
        }
    }

    /** Sets on an accepted connection what its listening socket may not hand down; a peer that has gone is no failure. */
    static void applyToAccepted(long socket, int family, ListenOptions options) {
        boolean tcp = family != WinsockConstants.AF_UNIX;
        for (Map.Entry<SocketOption<?>, Object> each :
                options.socketOptions(tcp).entrySet()) {
            SocketOptionKind kind = SocketOptionKind.of(each.getKey());
            if (kind != null && kind.fits(family, true) && each.getKey() != StandardSocketOptions.SO_REUSEADDR) {
                set(socket, family, kind, each.getValue());
            }
        }
    }

    /** Not every Windows has every option: it is asked. */
    private static boolean isKnown(SocketState socket, SocketOptionKind kind) {
        ByteBuffer memory = DirectMemory.allocate(ROOM + Integer.BYTES, Long.BYTES);
        int answer = read(socket, kind, memory);
        return answer != -WinsockError.WSAENOPROTOOPT && answer != -WinsockError.WSAEOPNOTSUPP;
    }

    private static int read(SocketState socket, SocketOptionKind kind, ByteBuffer memory) {
        memory.putInt(ROOM, ROOM);
        long address = DirectMemory.address(memory);
        return Ws2_32.getsockopt(
                socket.socket, kind.level(socket.family), kind.number(socket.family), address, address + ROOM);
    }

    static Set<SocketOption<?>> supported(SocketState socket) {
        Set<SocketOption<?>> all = new LinkedHashSet<>();
        for (SocketOptionKind each : SocketOptionKind.all()) {
            if (each.fits(socket.family, isStream(socket)) && isKnown(socket, each)) {
                all.add(each.option());
            }
        }
        return Collections.unmodifiableSet(all);
    }
}
