package dev.ringflow.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.ringflow.Ring;
import dev.ringflow.RingFuture;
import dev.ringflow.buffer.BufferGroup;
import dev.ringflow.buffer.BufferGroupOptions;
import dev.ringflow.buffer.ReceivedBuffer;
import dev.ringflow.buffer.RingBuffer;
import dev.ringflow.net.IncomingOptions;
import dev.ringflow.net.IncomingStream;
import java.io.IOException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Buffers of what comes on a connection: who has one, and until when; one at a time; options. */
public abstract class IncomingBufferContract extends IncomingFixture {
    /** For subclasses. */
    protected IncomingBufferContract() {}

    // Who has a buffer.

    @Test
    void bufferIsGoneWhenItsTimeIsOver() throws IOException {
        try (TcpPair pair = TcpPair.accepted(ring())) {
            IncomingStream stream = pair.ours().incomingStream(into(group(1, 16)));
            pair.theirs().getOutputStream().write(1);
            ReceivedBuffer first = Objects.requireNonNull(next(stream));
            RingFuture<@Nullable ReceivedBuffer> second = nextOf(stream);
            pair.theirs().getOutputStream().write(2);
            ReceivedBuffer later = Objects.requireNonNull(await(second));
            assertThatIllegalStateException().isThrownBy(first::byteBuffer);
            assertThatIllegalStateException().isThrownBy(first::remaining);
            assertThatIllegalStateException().isThrownBy(first::retain);
            assertThatIllegalStateException().isThrownBy(first::close);
            assertThatIllegalStateException().isThrownBy(first::kernelTakes);
            assertThat(bytes(later)).as("the same memory").containsExactly(2);
        }
    }

    @Test
    void retainedBufferStaysUntilItIsClosedOnce() throws IOException {
        try (TcpPair pair = TcpPair.accepted(ring())) {
            BufferGroup group = group(2, 16);
            IncomingStream stream = pair.ours().incomingStream(into(group));
            pair.theirs().getOutputStream().write(1);
            ReceivedBuffer first = Objects.requireNonNull(next(stream));
            first.retain();
            assertThatIllegalStateException().isThrownBy(first::retain).withMessageContaining("retained already");
            RingFuture<@Nullable ReceivedBuffer> second = nextOf(stream);
            pair.theirs().getOutputStream().write(2);
            await(second);
            assertThat(group.held()).isEqualTo(2);
            assertThat(bytes(first)).containsExactly(1);
            first.close();
            assertThatIllegalStateException().isThrownBy(first::close);
            eventually("one is back", () -> group.held() == 1);
        }
    }

    @Test
    void memoryThatTheKernelHasComesBackAfterIt() throws IOException {
        try (TcpPair pair = TcpPair.accepted(ring())) {
            BufferGroup group = group(2, 16);
            IncomingStream stream = pair.ours().incomingStream(into(group));
            pair.theirs().getOutputStream().write(1);
            ReceivedBuffer buffer = Objects.requireNonNull(next(stream));
            buffer.kernelTakes();
            buffer.close();
            onLoop(ring(), () -> null);
            assertThat(group.held()).isEqualTo(1);
            buffer.kernelLetsGo();
            eventually("it is back", () -> group.held() == 0);
        }
    }

    @Test
    void retainedBufferOutlivesItsGroupAndItsRing() throws IOException {
        Ring ring = open(options());
        BufferGroup group = ring.bufferGroup(
                BufferGroupOptions.builder().count(2).bufferSize(16).build());
        ReceivedBuffer kept;
        try (TcpPair pair = TcpPair.accepted(ring)) {
            IncomingStream stream = pair.ours().incomingStream(into(group));
            pair.theirs().getOutputStream().write(9);
            kept = Objects.requireNonNull(next(stream));
            kept.retain();
            group.close();
        }
        await(ring.closeAsync());
        assertThat(bytes(kept)).containsExactly(9);
        kept.close();
        assertThatIllegalStateException().isThrownBy(kept::close);
    }

    @Test
    void groupThatIsClosedEndsItsStreamsWithAClearException() throws IOException {
        try (TcpPair first = TcpPair.accepted(ring());
                TcpPair second = TcpPair.accepted(ring())) {
            BufferGroup group = group(2, 16);
            Collector collector = new Collector();
            first.ours().receiveAll(into(group), collector);
            first.theirs().getOutputStream().write(1);
            eventually("it receives", () -> collector.size() == 1);
            group.close();
            group.close();
            assertThat(failureOf(collector.end))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("closed");
            assertThat(failureOf(nextOf(second.ours().incomingStream(into(group)))))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("closed");
        }
    }

    // One at a time, and futures of pooled buffers.

    @Test
    void oneReceiveTakesOneBufferAndItsOwnerGivesItBack() throws IOException {
        try (TcpPair pair = TcpPair.accepted(ring())) {
            RingFuture<@Nullable ReceivedBuffer> early = pair.ours().receiveAsync();
            onLoop(ring(), () -> null);
            assertThat(BufferGroup.ofRing(ring()).held())
                    .as("waiting holds none")
                    .isZero();
            pair.theirs().getOutputStream().write(3);
            ReceivedBuffer buffer = Objects.requireNonNull(await(early));
            assertThat(bytes(buffer)).containsExactly(3);
            RingFuture<@Nullable ReceivedBuffer> cancelled = pair.ours().receiveAsync();
            cancelled.cancel(false);
            await(cancelled.released());
            pair.theirs().getOutputStream().write(4);
            try (ReceivedBuffer second =
                    Objects.requireNonNull(await(pair.ours().receiveAsync()))) {
                assertThat(bytes(second)).containsExactly(4);
            }
            buffer.close();
            pair.theirs().shutdownOutput();
            assertThat(await(pair.ours().receiveAsync())).isNull();
            eventually("all are back", () -> BufferGroup.ofRing(ring()).held() == 0);
        }
    }

    @Test
    void oneReceiveWaitsForABufferOfAnExhaustedGroup() throws IOException {
        BufferGroup group = group(1, 16);
        try (TcpPair first = TcpPair.accepted(ring());
                TcpPair second = TcpPair.accepted(ring())) {
            first.theirs().getOutputStream().write(1);
            second.theirs().getOutputStream().write(2);
            RingFuture<@Nullable ReceivedBuffer> one = new RingFuture<>();
            first.ours().receive(into(group), one);
            ReceivedBuffer held = Objects.requireNonNull(await(one));
            RingFuture<@Nullable ReceivedBuffer> cancelled = new RingFuture<>();
            second.ours().receive(into(group), cancelled);
            onLoop(ring(), () -> null);
            cancelled.cancel(false);
            await(cancelled.released());
            RingFuture<@Nullable ReceivedBuffer> other = new RingFuture<>();
            second.ours().receive(into(group), other);
            onLoop(ring(), () -> null);
            assertThat(other).isNotDone();
            held.close();
            try (ReceivedBuffer buffer = Objects.requireNonNull(await(other))) {
                assertThat(bytes(buffer)).containsExactly(2);
            }
        }
    }

    @Test
    void futuresOfPooledBuffersTellWhatCame() throws IOException {
        try (TcpPair pair = TcpPair.accepted(ring());
                RingBuffer lease = ring().bufferPool(64, 1).acquire()) {
            pair.theirs().getOutputStream().write(random(64));
            assertThat(await(pair.ours().receiveFullyAsync(lease))).isEqualTo(64);
            lease.byteBuffer().clear();
            pair.theirs().shutdownOutput();
            assertThat(await(pair.ours().receiveAsync(lease))).isEqualTo(-1);
        }
    }

    @Test
    void optionsThatCannotBeAreRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> BufferGroupOptions.builder().count(3));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> BufferGroupOptions.builder().bufferSize(0));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> BufferGroupOptions.builder()
                        .incremental(true)
                        .bundles(true)
                        .build());
        assertThatIllegalArgumentException()
                .isThrownBy(() -> IncomingOptions.builder().maxHeld(0));
    }

    @Test
    void groupOfAnotherRingIsRefusedAtOnce() throws IOException {
        try (TcpPair pair = TcpPair.accepted(ring())) {
            BufferGroup other = open(options()).bufferGroup(BufferGroupOptions.defaults());
            assertThatIllegalArgumentException().isThrownBy(() -> pair.ours().incomingStream(into(other)));
            assertThatIllegalArgumentException().isThrownBy(() -> pair.ours().incomingPublisher(into(other)));
        }
    }
}
