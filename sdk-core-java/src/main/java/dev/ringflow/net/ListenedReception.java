package dev.ringflow.net;

import dev.ringflow.RingClosedException;
import dev.ringflow.buffer.ReceivedBuffer;
import dev.ringflow.internal.OnLoop;
import java.nio.channels.ClosedChannelException;
import org.jspecify.annotations.Nullable;

/** What arrives on a connection, told to a listener at once. */
final class ListenedReception implements GroupReception.Consumer<ReceivedBuffer>, IncomingSubscription {
    private final RingSocketReceiving socket;
    private final IncomingListener listener;
    private final Reception reception;
    private boolean ended;

    ListenedReception(RingSocketReceiving socket, IncomingOptions options, IncomingListener listener) {
        this.socket = socket;
        this.listener = listener;
        this.reception = new Reception(socket, options, this);
    }

    void begin() {
        OnLoop.run(
                socket.ring(),
                reception::begin,
                refusal -> listener.ended(new RingClosedException("receive from " + socket, refusal)));
    }

    @Override
    public void received(ReceivedBuffer buffer) {
        boolean returned = false;
        try {
            listener.received(buffer);
            returned = true;
        } catch (RuntimeException | Error e) {
            end(e);
            throw e;
        } finally {
            buffer.delivered();
            if (!returned) {
                reception.close();
            }
        }
    }

    @Override
    public void ended(@Nullable Throwable why) {
        end(why);
    }

    private void end(@Nullable Throwable why) {
        if (!ended) {
            ended = true;
            listener.ended(why);
        }
    }

    @Override
    public void close() {
        OnLoop.run(socket.ring(), () -> {
            reception.close();
            end(new ClosedChannelException());
        });
    }
}
