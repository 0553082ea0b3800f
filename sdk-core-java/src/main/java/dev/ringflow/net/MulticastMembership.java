package dev.ringflow.net;

import java.net.InetAddress;
import java.net.NetworkInterface;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a {@link RingDatagramSocket} receives of multicast.
 *
 * @param group a multicast address
 * @param by the interface that it is to come by
 * @param source the only sender that counts, or null for any
 */
public record MulticastMembership(
        InetAddress group, NetworkInterface by, @Nullable InetAddress source) {
    /**
     * Checks the addresses.
     *
     * @throws IllegalArgumentException if the group is no multicast address, the source is one, or they are of two
     *     protocols
     */
    public MulticastMembership {
        Objects.requireNonNull(by, "by");
        if (!group.isMulticastAddress()) {
            throw new IllegalArgumentException("no multicast address: " + group);
        }
        if (source != null && (source.isMulticastAddress() || source.getClass() != group.getClass())) {
            throw new IllegalArgumentException("no source of " + group + ": " + source);
        }
    }

    /**
     * Of any sender.
     *
     * @param group a multicast address
     * @param by the interface that it is to come by
     */
    public MulticastMembership(InetAddress group, NetworkInterface by) {
        this(group, by, null);
    }
}
