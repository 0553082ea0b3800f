package dev.ringflow.net;

import java.io.Serial;
import java.net.SocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * A name of a unix socket that no file stands for: it goes with the last socket that has it, and belongs to the network
 * namespace. Linux only; see unix(7). The driver nio has no such names: listening and connecting fail with
 * {@link UnsupportedOperationException}.
 */
public final class AbstractUnixAddress extends SocketAddress {
    /** The most bytes that a name can have. */
    public static final int LONGEST = 107;

    @Serial
    private static final long serialVersionUID = 1L;

    /** The name, without the zero byte that the system writes before it. */
    private final byte[] name;

    private AbstractUnixAddress(byte[] name) {
        if (name.length < 1 || name.length > LONGEST) {
            throw new IllegalArgumentException(
                    "An abstract name has 1 to " + LONGEST + " bytes, this one has " + name.length);
        }
        this.name = name;
    }

    /**
     * A name of characters, which are encoded in UTF-8.
     *
     * @param name the name, without the leading zero byte or the {@code @} that programs show for it
     * @return the address
     * @throws IllegalArgumentException if it is empty or has more than {@value #LONGEST} bytes
     */
    public static AbstractUnixAddress of(String name) {
        return new AbstractUnixAddress(name.getBytes(StandardCharsets.UTF_8));
    }

    /**
     * A name of any bytes, zero bytes among them.
     *
     * @param name the name, without the leading zero byte; copied
     * @return the address
     * @throws IllegalArgumentException if it is empty or has more than {@value #LONGEST} bytes
     */
    public static AbstractUnixAddress of(byte[] name) {
        return new AbstractUnixAddress(name.clone());
    }

    /**
     * The name as characters.
     *
     * @return the name, decoded from UTF-8
     */
    public String name() {
        return new String(name, StandardCharsets.UTF_8);
    }

    /**
     * The name as the system keeps it.
     *
     * @return a copy of the bytes, without the leading zero byte
     */
    public byte[] bytes() {
        return name.clone();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof AbstractUnixAddress address && Arrays.equals(name, address.name);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(name);
    }

    /** The name behind an {@code @}, as ss(8) and others show it; zero bytes in it are shown as {@code @} too. */
    @Override
    public String toString() {
        return "@" + name().replace('\0', '@');
    }
}
