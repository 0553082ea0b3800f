package dev.ringflow.uring.driver;

import dev.ringflow.net.DatagramOptions;
import dev.ringflow.uring.Memory;
import dev.ringflow.uring.UringConstants;
import dev.ringflow.uring.struct.Sockaddr;
import java.net.Inet6Address;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** What the driver has to know of a datagram socket: the driver state of its handle. Confined to the loop thread. */
final class DatagramState {
    private static final int KNOWN = 64;
    private static final int ENTRY = 32;

    private final int family;
    private final boolean wantsControl;
    /** What it is bound to; disconnecting may have to bind it again. */
    private SocketAddress bound;

    private boolean peerIsInet4;

    /** Receivers that were sent to lately, by identity, and their addresses as the kernel reads them. */
    private final @Nullable SocketAddress[] known = new SocketAddress[KNOWN];

    private @Nullable ByteBuffer encoded;
    private @Nullable ByteBuffer layout;

    DatagramState(int family, DatagramOptions options, SocketAddress bound) {
        this.family = family;
        this.wantsControl = !options.details().isEmpty() || options.coalescing();
        this.bound = bound;
        this.peerIsInet4 = family == UringConstants.AF_INET;
    }

    int family() {
        return family;
    }

    /** Whether control messages come with what is received. */
    boolean wantsControl() {
        return wantsControl;
    }

    /** How datagrams lie in provided buffers. */
    ByteBuffer layout() {
        ByteBuffer made = layout;
        if (made == null) {
            made = DatagramMultishotPreparation.layout(family != UringConstants.AF_UNIX, wantsControl);
            layout = made;
        }
        return made;
    }

    SocketAddress bound() {
        return bound;
    }

    void bound(SocketAddress address) {
        bound = address;
    }

    void connected(@Nullable SocketAddress peer) {
        peerIsInet4 = peer == null ? family == UringConstants.AF_INET : isInet4(peer);
    }

    /** Whether a datagram goes by IPv4, on a socket of either protocol. */
    boolean goesByInet4(@Nullable SocketAddress receiver) {
        return receiver == null ? peerIsInet4 : isInet4(receiver);
    }

    private static boolean isInet4(SocketAddress address) {
        return address instanceof InetSocketAddress inet && !(inet.getAddress() instanceof Inet6Address);
    }

    /** Writes an address as this socket's kernel object wants it; its length. */
    int write(ByteBuffer target, int offset, SocketAddress address) {
        return family == UringConstants.AF_INET6 && address instanceof InetSocketAddress inet
                ? Sockaddr.setMapped(target, offset, inet)
                : Sockaddr.set(target, offset, address);
    }

    /** As {@link #write}, without garbage for a receiver that is known. */
    int writeReceiver(ByteBuffer target, int offset, SocketAddress receiver) {
        if (!(receiver instanceof InetSocketAddress inet)) {
            return Sockaddr.set(target, offset, receiver);
        }
        int place = (inet.hashCode() * 0x9E3779B9 >>> 26) & KNOWN - 1;
        ByteBuffer cache = encoded;
        if (cache == null) {
            cache = Memory.allocate(KNOWN * ENTRY, Long.BYTES);
            encoded = cache;
        }
        int start = place * ENTRY;
        if (known[place] != receiver) {
            write(cache, start, receiver);
            known[place] = receiver;
        }
        for (int i = 0; i < ENTRY; i += Long.BYTES) {
            target.putLong(offset + i, cache.getLong(start + i));
        }
        return family == UringConstants.AF_INET6 ? Sockaddr.IN6_SIZE : Sockaddr.IN_SIZE;
    }
}
