package dev.ringflow.nio;

import dev.ringflow.net.PeerCredentials;
import dev.ringflow.net.RingSocketOption;
import dev.ringflow.net.StreamOptions;
import dev.ringflow.spi.OpCode;
import dev.ringflow.spi.Operation;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.net.SocketOption;
import java.nio.channels.NetworkChannel;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Options of channels. What the JDK has in {@code jdk.net.ExtendedSocketOptions} is found by its name, since not every
 * runtime has that module.
 */
final class ChannelOptions {
    private ChannelOptions() {}

    /** Gets or sets what an operation asks for. */
    static void start(Operation operation, NetworkChannel channel, Completions completions) throws IOException {
        if (!(operation.argument() instanceof SocketOption<?> option)) {
            throw new IllegalArgumentException(operation.opCode() + " needs an option, got " + operation.argument());
        }
        if (operation.opCode() == OpCode.SET_OPTION) {
            set(channel, option, operation.secondArgument());
            completions.done(operation, 0);
            return;
        }
        SocketOption<?> known = known(channel, option);
        Object value = channel.getOption(known);
        completions.answered(operation, option == RingSocketOption.SO_PEERCRED ? credentials(value) : value);
    }

    /** Sets what a socket is made with. */
    static void apply(NetworkChannel channel, StreamOptions options, boolean tcp) throws IOException {
        for (Map.Entry<SocketOption<?>, Object> each :
                options.socketOptions(tcp).entrySet()) {
            set(channel, each.getKey(), each.getValue());
        }
    }

    /** Sets what a channel has, and leaves out the rest: for channels of which another one has the options. */
    static void applyKnown(NetworkChannel channel, StreamOptions options, boolean tcp) throws IOException {
        for (Map.Entry<SocketOption<?>, Object> each :
                options.socketOptions(tcp).entrySet()) {
            if (isKnown(channel, each.getKey())) {
                set(channel, each.getKey(), each.getValue());
            }
        }
    }

    @SuppressWarnings("unchecked") // the core has checked the value
    static void set(NetworkChannel channel, SocketOption<?> option, @Nullable Object value) throws IOException {
        channel.setOption((SocketOption<Object>) known(channel, option), value);
    }

    static boolean isKnown(NetworkChannel channel, SocketOption<?> option) {
        SocketOption<?> own = own(channel, option);
        return own != null && channel.supportedOptions().contains(own);
    }

    private static SocketOption<?> known(NetworkChannel channel, SocketOption<?> option) {
        if (!isKnown(channel, option)) {
            throw new UnsupportedOperationException(option.name() + " of " + channel
                    + " is not supported by the driver " + NioDriverProvider.NAME + ", or not by such a socket");
        }
        SocketOption<?> own = own(channel, option);
        return own == null ? option : own;
    }

    /** The channel's own option of that name; null if there is none, or with another type of value. */
    private static @Nullable SocketOption<?> own(NetworkChannel channel, SocketOption<?> option) {
        for (SocketOption<?> each : channel.supportedOptions()) {
            boolean credentials = option == RingSocketOption.SO_PEERCRED;
            if (each.name().equals(option.name()) && (credentials || each.type() == option.type())) {
                return each;
            }
        }
        return null;
    }

    /** The options of a channel, and those of the core's that stand for one of them. */
    static Set<SocketOption<?>> supported(NetworkChannel channel) {
        Set<SocketOption<?>> all = new LinkedHashSet<>();
        for (SocketOption<?> each : channel.supportedOptions()) {
            if (!each.name().equals(RingSocketOption.SO_PEERCRED.name())) {
                all.add(each);
            }
        }
        for (RingSocketOption<?> each : RingSocketOption.all()) {
            if (own(channel, each) != null) {
                all.add(each);
            }
        }
        return java.util.Collections.unmodifiableSet(all);
    }

    /** The JDK's {@code UnixDomainPrincipal}, a record of a module that need not be there. */
    private static PeerCredentials credentials(Object principal) {
        return new PeerCredentials(-1, -1, -1, name(principal, "user"), name(principal, "group"));
    }

    private static String name(Object principal, String part) {
        try {
            Object found = principal.getClass().getMethod(part).invoke(principal);
            return ((java.security.Principal) found).getName();
        } catch (NoSuchMethodException | IllegalAccessException | InvocationTargetException e) {
            throw new UnsupportedOperationException("This JDK does not tell the " + part + " of a peer", e);
        }
    }
}
