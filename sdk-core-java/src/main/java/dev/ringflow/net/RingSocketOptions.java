package dev.ringflow.net;

import dev.ringflow.Ring;
import dev.ringflow.RingCallback;
import dev.ringflow.RingFuture;
import dev.ringflow.internal.Answer;
import dev.ringflow.spi.Driver;
import dev.ringflow.spi.Handle;
import dev.ringflow.spi.OpCode;
import dev.ringflow.spi.Operation;
import java.io.IOException;
import java.net.SocketAddress;
import java.net.SocketOption;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Options of sockets. {@link RingSocket}, {@link RingServerSocket} and {@link RingDatagramSocket} are the classes to use. */
public abstract class RingSocketOptions extends RingSocketState {
    private static final Answer<@Nullable Object> VALUE = new Answer<>() {
        @Override
        protected @Nullable Object value(Operation operation, int result) {
            return operation.resultObject();
        }
    };

    RingSocketOptions(Ring ring, Handle handle, @Nullable SocketAddress local) {
        super(ring, handle, local);
    }

    /**
     * Asks for an option's value: through the ring where the kernel can (Linux 6.7 and later, for options of sockets in
     * general), by a quick system call otherwise. Sizes of buffers are those that the application sees: not the double that
     * Linux keeps for its own books. See getsockopt(2).
     *
     * @param <T> what its value is
     * @param option one of {@link java.net.StandardSocketOptions}, {@link RingSocketOption} or
     *     {@code jdk.net.ExtendedSocketOptions}
     * @return a future of the value; fails with {@link UnsupportedOperationException} if this socket does not have the
     *     option with this driver, and with an {@link IOException} if the system refuses
     */
    public final <T> RingFuture<T> getOptionAsync(SocketOption<T> option) {
        RingFuture<T> future = new RingFuture<>();
        getOption(option, future);
        return future;
    }

    /**
     * The callback form of {@link #getOptionAsync}.
     *
     * @param <T> what its value is
     * @param option which
     * @param callback whom to tell
     */
    @SuppressWarnings("unchecked") // drivers deliver what the option's type says
    public final <T> void getOption(SocketOption<T> option, RingCallback<T> callback) {
        Objects.requireNonNull(option, "option");
        VALUE.start(operation(OpCode.GET_OPTION).argument(option), (RingCallback<@Nullable Object>)
                (RingCallback<?>) callback);
    }

    /**
     * Sets an option: through the ring where the kernel can (Linux 6.7 and later), by a quick system call otherwise. See
     * setsockopt(2).
     *
     * @param <T> what its value is
     * @param option as for {@link #getOptionAsync}
     * @param value its value
     * @return a future; fails with {@link UnsupportedOperationException} if this socket does not have the option with this
     *     driver or the option cannot be set, and with an {@link IOException} if the system refuses
     * @throws IllegalArgumentException if the value is not of the option's type
     */
    public final <T> RingFuture<@Nullable Void> setOptionAsync(SocketOption<T> option, T value) {
        RingFuture<@Nullable Void> future = new RingFuture<>();
        setOption(option, value, future);
        return future;
    }

    /**
     * The callback form of {@link #setOptionAsync}.
     *
     * @param <T> what its value is
     * @param option which
     * @param value its value
     * @param callback whom to tell
     */
    public final <T> void setOption(SocketOption<T> option, T value, RingCallback<@Nullable Void> callback) {
        Objects.requireNonNull(value, "value");
        Answer.DONE.start(
                operation(OpCode.SET_OPTION).argument(option).secondArgument(checked(option, value)), callback);
    }

    /**
     * The options that this socket has with this driver. The kernel may be older than some of them. From a thread other
     * than the loop's it waits for the loop.
     *
     * @return an unmodifiable set
     * @throws IOException {@link java.nio.channels.ClosedChannelException} if the socket is closed
     */
    public final Set<SocketOption<?>> supportedOptions() throws IOException {
        return AddressLookup.ask(ring, handle, Driver::supportedOptions);
    }

    /** The value, if it is one of the option's. */
    static Object checked(SocketOption<?> option, Object value) {
        if (!option.type().isInstance(value)) {
            throw new IllegalArgumentException(
                    option.name() + " takes a " + option.type().getSimpleName() + ", got "
                            + value.getClass().getSimpleName() + " " + value);
        }
        return value;
    }
}
