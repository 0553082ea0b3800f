package dev.ringflow.examples.guide;

import dev.ringflow.Ring;
import dev.ringflow.RingGroup;
import dev.ringflow.RingOptions;
import dev.ringflow.WaitMode;
import dev.ringflow.net.GroupServerSocket;
import dev.ringflow.net.RingSocket;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/** Rings that are set up for speed, and several of them. */
public final class Modes {
    private Modes() {}

    // snippet-begin: modes
    public static Ring quickRing() {
        return Ring.open(RingOptions.builder()
                .waiting(WaitMode.HYBRID)
                .submissionThread(Duration.ofMillis(2))
                .polledCompletions(true)
                .build());
    }
    // snippet-end: modes

    // snippet-begin: group
    /** Serves on one ring for each processor; the future completes when the socket is closed. */
    public static CompletableFuture<Void> serve(RingGroup group, SocketAddress address, Consumer<RingSocket> handler) {
        return group.listenAsync(address).thenCompose(server -> server.serve(handler));
    }

    public static RingGroup pinnedGroup() {
        return RingGroup.open(
                RingOptions.builder().pinnedThread(true).threadName("server").build());
    }
    // snippet-end: group

    static CompletableFuture<GroupServerSocket> listen(RingGroup group, SocketAddress address) {
        return group.listenAsync(address);
    }
}
