package dev.ringflow.net;

import java.net.NetworkInterface;
import java.net.StandardProtocolFamily;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How a {@link RingDatagramSocket} is made. Immutable. What a driver or kernel does not have makes the bind fail with
 * {@link UnsupportedOperationException} instead of being ignored.
 */
public final class DatagramOptions {
    private static final DatagramOptions DEFAULTS = builder().build();
    private static final int LARGEST_SEGMENT = 65_507;
    private static final int BYTE = 255;

    private final @Nullable StandardProtocolFamily family;
    private final boolean reuseAddress;
    private final boolean reusePort;
    private final boolean broadcast;
    private final int receiveBuffer;
    private final int sendBuffer;
    private final int hopLimit;
    private final int trafficClass;
    private final int segmentSize;
    private final boolean coalescing;
    private final @Nullable NetworkInterface multicastInterface;
    private final int multicastHopLimit;
    private final boolean multicastLoopback;
    private final Set<DatagramDetail> details;

    private DatagramOptions(Builder builder) {
        this.family = builder.family;
        this.reuseAddress = builder.reuseAddress;
        this.reusePort = builder.reusePort;
        this.broadcast = builder.broadcast;
        this.receiveBuffer = builder.receiveBuffer;
        this.sendBuffer = builder.sendBuffer;
        this.hopLimit = builder.hopLimit;
        this.trafficClass = builder.trafficClass;
        this.segmentSize = builder.segmentSize;
        this.coalescing = builder.coalescing;
        this.multicastInterface = builder.multicastInterface;
        this.multicastHopLimit = builder.multicastHopLimit;
        this.multicastLoopback = builder.multicastLoopback;
        this.details = Collections.unmodifiableSet(EnumSet.copyOf(builder.details));
    }

    /**
     * What is used where nothing else is said.
     *
     * @return no details, the system's buffer sizes, nothing shared
     */
    public static DatagramOptions defaults() {
        return DEFAULTS;
    }

    /**
     * Begins with {@link #defaults()}.
     *
     * @return a builder
     */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * The protocol that was asked for.
     *
     * @return INET or INET6, or null to go by the address
     */
    public @Nullable StandardProtocolFamily family() {
        return family;
    }

    /**
     * Whether {@code SO_REUSEADDR} is set.
     *
     * @return true if others may bind the same address
     */
    public boolean reuseAddress() {
        return reuseAddress;
    }

    /**
     * Whether {@code SO_REUSEPORT} is set.
     *
     * @return true if several sockets share the datagrams of one port
     */
    public boolean reusePort() {
        return reusePort;
    }

    /**
     * Whether {@code SO_BROADCAST} is set.
     *
     * @return true if sending to broadcast addresses is allowed
     */
    public boolean broadcast() {
        return broadcast;
    }

    /**
     * The size asked for the kernel's receive buffer.
     *
     * @return bytes, or 0 for the system's choice
     */
    public int receiveBuffer() {
        return receiveBuffer;
    }

    /**
     * The size asked for the kernel's send buffer.
     *
     * @return bytes, or 0 for the system's choice
     */
    public int sendBuffer() {
        return sendBuffer;
    }

    /**
     * The hop limit, or TTL, of datagrams to single receivers.
     *
     * @return 1 to 255, or -1 for the system's choice
     */
    public int hopLimit() {
        return hopLimit;
    }

    /**
     * The traffic class, or TOS, of what is sent.
     *
     * @return 0 to 255, or -1 for the system's choice
     */
    public int trafficClass() {
        return trafficClass;
    }

    /**
     * The size of the datagrams into which the kernel cuts what is sent at once.
     *
     * @return bytes, or 0 for one datagram a send
     */
    public int segmentSize() {
        return segmentSize;
    }

    /**
     * Whether the kernel may put datagrams together that arrive in a row.
     *
     * @return true if {@link DatagramInfo#segmentSize()} has to be looked at
     */
    public boolean coalescing() {
        return coalescing;
    }

    /**
     * The interface that multicast is sent by.
     *
     * @return the interface, or null for the system's choice
     */
    public @Nullable NetworkInterface multicastInterface() {
        return multicastInterface;
    }

    /**
     * The hop limit, or TTL, of multicast.
     *
     * @return 0 to 255, or -1 for the system's choice, which is 1
     */
    public int multicastHopLimit() {
        return multicastHopLimit;
    }

    /**
     * Whether multicast that is sent comes to receivers on this machine too.
     *
     * @return true unless switched off
     */
    public boolean multicastLoopback() {
        return multicastLoopback;
    }

    /**
     * What the kernel is to tell of each datagram.
     *
     * @return the details, which cannot be changed
     */
    public Set<DatagramDetail> details() {
        return details;
    }

    @Override
    public String toString() {
        return "DatagramOptions[" + (family == null ? "" : family + ", ") + "details " + details
                + (segmentSize > 0 ? ", segments of " + segmentSize : "") + (coalescing ? ", coalescing" : "") + "]";
    }

    /** Makes {@link DatagramOptions}. */
    public static final class Builder {
        private @Nullable StandardProtocolFamily family;
        private boolean reuseAddress;
        private boolean reusePort;
        private boolean broadcast;
        private int receiveBuffer;
        private int sendBuffer;
        private int hopLimit = -1;
        private int trafficClass = -1;
        private int segmentSize;
        private boolean coalescing;
        private @Nullable NetworkInterface multicastInterface;
        private int multicastHopLimit = -1;
        private boolean multicastLoopback = true;
        private final EnumSet<DatagramDetail> details = EnumSet.noneOf(DatagramDetail.class);

        private Builder() {}

        /**
         * Sets the protocol. If it is not set the address decides, and the wildcard address takes IPv6 and IPv4 alike
         * where the system has both.
         *
         * @param protocol INET for IPv4 alone; INET6 takes IPv4 as well, at the wildcard address
         * @return this
         * @throws IllegalArgumentException if it is another
         */
        public Builder family(StandardProtocolFamily protocol) {
            if (protocol != StandardProtocolFamily.INET && protocol != StandardProtocolFamily.INET6) {
                throw new IllegalArgumentException("family has to be INET or INET6, got " + protocol);
            }
            this.family = protocol;
            return this;
        }

        /**
         * Sets {@code SO_REUSEADDR}: several receivers of one multicast group on one machine need it. See socket(7).
         *
         * @param share true to share the address
         * @return this
         */
        public Builder reuseAddress(boolean share) {
            this.reuseAddress = share;
            return this;
        }

        /**
         * Sets {@code SO_REUSEPORT}: the kernel spreads the peers over the sockets that have the same port. See
         * socket(7).
         *
         * @param share true to share the port
         * @return this
         */
        public Builder reusePort(boolean share) {
            this.reusePort = share;
            return this;
        }

        /**
         * Sets {@code SO_BROADCAST}: without it a send to a broadcast address fails.
         *
         * @param allowed true to allow broadcast
         * @return this
         */
        public Builder broadcast(boolean allowed) {
            this.broadcast = allowed;
            return this;
        }

        /**
         * Sets the size of the kernel's receive buffer, {@code SO_RCVBUF}. Datagrams that find it full are dropped.
         *
         * @param bytes at least 1; the system may allow less
         * @return this
         * @throws IllegalArgumentException if it is less
         */
        public Builder receiveBuffer(int bytes) {
            this.receiveBuffer = within("receiveBuffer", bytes, 1, Integer.MAX_VALUE);
            return this;
        }

        /**
         * Sets the size of the kernel's send buffer, {@code SO_SNDBUF}.
         *
         * @param bytes at least 1; the system may allow less
         * @return this
         * @throws IllegalArgumentException if it is less
         */
        public Builder sendBuffer(int bytes) {
            this.sendBuffer = within("sendBuffer", bytes, 1, Integer.MAX_VALUE);
            return this;
        }

        /**
         * Sets the hop limit, or TTL, of datagrams to single receivers. The driver {@code nio} cannot.
         *
         * @param hops 1 to 255
         * @return this
         * @throws IllegalArgumentException if it is none of these
         */
        public Builder hopLimit(int hops) {
            this.hopLimit = within("hopLimit", hops, 1, BYTE);
            return this;
        }

        /**
         * Sets the traffic class, or TOS, of what is sent: DSCP and ECN.
         *
         * @param bits 0 to 255
         * @return this
         * @throws IllegalArgumentException if it is none of these
         */
        public Builder trafficClass(int bits) {
            this.trafficClass = within("trafficClass", bits, 0, BYTE);
            return this;
        }

        /**
         * Lets the kernel, or the network card, cut what is sent at once into datagrams: {@code UDP_SEGMENT} in
         * udp(7). At most 64 segments and 64 KiB a send. Since Linux 4.18; the driver {@code nio} cannot.
         *
         * @param bytes bytes of each datagram but the last, 1 to 65507
         * @return this
         * @throws IllegalArgumentException if it is none of these
         */
        public Builder segmentSize(int bytes) {
            this.segmentSize = within("segmentSize", bytes, 1, LARGEST_SEGMENT);
            return this;
        }

        /**
         * Lets the kernel put datagrams of one sender together that arrive in a row: {@code UDP_GRO} in udp(7). A
         * receive then brings up to 64 KiB, and {@link DatagramInfo#segments} tells the datagrams apart; what does not
         * fit into the buffer is lost. Since Linux 5.0; the driver {@code nio} cannot.
         *
         * @param together true to allow it
         * @return this
         */
        public Builder coalescing(boolean together) {
            this.coalescing = together;
            return this;
        }

        /**
         * Sets the interface that multicast is sent by.
         *
         * @param by the interface
         * @return this
         */
        public Builder multicastInterface(NetworkInterface by) {
            this.multicastInterface = Objects.requireNonNull(by, "by");
            return this;
        }

        /**
         * Sets the hop limit, or TTL, of multicast, which is 1 otherwise: it does not leave the local network.
         *
         * @param hops 0 to 255; 0 does not leave this machine
         * @return this
         * @throws IllegalArgumentException if it is none of these
         */
        public Builder multicastHopLimit(int hops) {
            this.multicastHopLimit = within("multicastHopLimit", hops, 0, BYTE);
            return this;
        }

        /**
         * Sets whether multicast that is sent comes to receivers on this machine too; true if not set.
         *
         * @param looped false to keep it from them
         * @return this
         */
        public Builder multicastLoopback(boolean looped) {
            this.multicastLoopback = looped;
            return this;
        }

        /**
         * Adds to what the kernel is to tell of each datagram. The driver {@code nio} can tell nothing of it.
         *
         * @param wanted the details
         * @return this
         */
        public Builder details(DatagramDetail... wanted) {
            Collections.addAll(details, wanted);
            return this;
        }

        /**
         * Makes the options.
         *
         * @return immutable options
         */
        public DatagramOptions build() {
            return new DatagramOptions(this);
        }

        private static int within(String what, int value, int least, int most) {
            if (value < least || value > most) {
                throw new IllegalArgumentException(
                        what + " has to be from " + least + " to " + most + ", got " + value);
            }
            return value;
        }
    }
}
