package dev.ringflow.windows.rio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ringflow.windows.Simulators;
import dev.ringflow.windows.iocp.CompletionEntries;
import dev.ringflow.windows.iocp.SimulatedNetwork;
import dev.ringflow.windows.iocp.SocketAddresses;
import dev.ringflow.windows.iocp.Winsock;
import dev.ringflow.windows.iocp.WinsockConstants;
import dev.ringflow.windows.iocp.WinsockError;
import dev.ringflow.windows.iocp.WinsockException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(Simulators.class)
class RioTest {
    private RioFixture fixture;

    @BeforeEach
    void open() throws Exception {
        fixture = new RioFixture();
    }

    @AfterEach
    void close() throws Exception {
        fixture.close();
    }

    private RioRequestQueue connected(final RioCompletionQueue completions, final Socket[] peer, final int each)
            throws Exception {
        peer[0] = fixture.peer();
        return RioRequestQueue.open(fixture.accept(), each, each, completions, completions);
    }

    @Test
    void isAvailableAndSaysSo() {
        assertThat(Rio.unavailable()).isNull();
    }

    @Test
    void bytesGoBothWaysAndTheEndIsZeroBytes() throws Exception {
        try (RioCompletionQueue completions = fixture.rio.createPolledQueue(8)) {
            final Socket[] peer = new Socket[1];
            final RioRequestQueue queue = connected(completions, peer, 2);
            final RioSlice in = fixture.buffers.acquire();
            assertThat(queue.receive(in, 0x1122_3344_5566_7788L, 0)).isZero();
            assertThat(queue.inFlight()).isEqualTo(1);
            assertThat(queue.freeReceives()).isEqualTo(1);
            peer[0].getOutputStream().write("hello".getBytes(StandardCharsets.UTF_8));
            RioResults results = fixture.one(completions);
            assertThat(results.queue(0)).isSameAs(queue);
            assertThat(results.context(0)).isEqualTo(0x1122_3344_5566_7788L);
            assertThat(results.isSend(0)).isFalse();
            assertThat(results.error(0)).isZero();
            assertThat(results.bytes(0)).isEqualTo(5);
            assertThat(RioFixture.text(in, 5)).isEqualTo("hello");
            assertThat(queue.freeReceives()).isEqualTo(2);

            assertThat(queue.send(fixture.slice("world"), -1, 0)).isZero();
            results = fixture.one(completions);
            assertThat(results.isSend(0)).isTrue();
            assertThat(results.context(0)).isEqualTo(-1);
            assertThat(results.bytes(0)).isEqualTo(5);
            assertThat(peer[0].getInputStream().readNBytes(5)).isEqualTo("world".getBytes(StandardCharsets.UTF_8));

            queue.receive(in, 1, 0);
            peer[0].close();
            results = fixture.one(completions);
            assertThat(results.error(0)).isZero();
            assertThat(results.bytes(0)).isZero();
        }
    }

    @Test
    void aSendTakesTheBeginningOfASlice() throws Exception {
        try (RioCompletionQueue completions = fixture.rio.createPolledQueue(8)) {
            final Socket[] peer = new Socket[1];
            final RioRequestQueue queue = connected(completions, peer, 2);
            final RioSlice out = fixture.slice("worldwide");
            assertThat(queue.send(out, 5, 1, 0)).isZero();
            assertThat(fixture.one(completions).bytes(0)).isEqualTo(5);
            assertThat(queue.send(out, out.length(), 2, 0)).isZero();
            assertThat(fixture.one(completions).bytes(0)).isEqualTo(9);
            assertThat(peer[0].getInputStream().readNBytes(14))
                    .isEqualTo("worldworldwide".getBytes(StandardCharsets.UTF_8));
            assertThatThrownBy(() -> queue.send(out, 10, 3, 0)).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> queue.send(out, 0, 3, 0)).isInstanceOf(IllegalArgumentException.class);
            peer[0].close();
        }
    }

    @Test
    void waitAllFillsTheSlice() throws Exception {
        try (RioCompletionQueue completions = fixture.rio.createPolledQueue(8)) {
            final Socket[] peer = new Socket[1];
            final RioRequestQueue queue = connected(completions, peer, 2);
            final RioSlice in = fixture.slab.slice(0, 6);
            queue.receive(in, 1, RioRequestQueue.WAITALL);
            peer[0].getOutputStream().write("abc".getBytes(StandardCharsets.UTF_8));
            Thread.sleep(20);
            assertThat(completions.dequeue(fixture.results)).isZero();
            peer[0].getOutputStream().write("defgh".getBytes(StandardCharsets.UTF_8));
            assertThat(fixture.one(completions).bytes(0)).isEqualTo(6);
            assertThat(RioFixture.text(in, 6)).isEqualTo("abcdef");
            peer[0].close();
        }
    }

    @Test
    void anEventTellsOncePerRequest() throws Exception {
        try (RioCompletionQueue completions = fixture.rio.createEventQueue(8)) {
            final Socket[] peer = new Socket[1];
            final RioRequestQueue queue = connected(completions, peer, 3);
            queue.receive(fixture.buffers.acquire(), 1, 0);
            assertThat(completions.requestNotification()).isZero();
            assertThat(completions.requestNotification()).isEqualTo(-WinsockError.WSAEALREADY);
            assertThat(completions.await(0)).isFalse();
            peer[0].getOutputStream().write(1);
            assertThat(completions.await(SimulatedNetwork.PATIENCE)).isTrue();

            assertThat(completions.requestNotification()).isZero(); // it resets the event, and fires: there is one
            assertThat(completions.await(SimulatedNetwork.PATIENCE)).isTrue();
            assertThat(completions.dequeue(fixture.results)).isEqualTo(1);
            assertThat(completions.requestNotification()).isZero();
            assertThat(completions.await(20)).isFalse();
            peer[0].close();
        }
    }

    @Test
    void aRequestThatDoesNotNotifyDoesNot() throws Exception {
        try (RioCompletionQueue completions = fixture.rio.createEventQueue(8)) {
            final Socket[] peer = new Socket[1];
            final RioRequestQueue queue = connected(completions, peer, 3);
            completions.requestNotification();
            queue.send(fixture.slice("quiet"), 1, RioRequestQueue.DONT_NOTIFY);
            assertThat(peer[0].getInputStream().readNBytes(5)).hasSize(5);
            assertThat(completions.await(50)).isFalse();
            queue.send(fixture.slice("loud"), 2, 0);
            assertThat(completions.await(SimulatedNetwork.PATIENCE)).isTrue();
            assertThat(completions.dequeue(fixture.results)).isEqualTo(2);
            assertThat(fixture.results.context(0)).isEqualTo(1);
            peer[0].close();
        }
    }

    @Test
    void aCompletionPortTells() throws Exception {
        try (RioCompletionQueue completions = fixture.rio.createPortQueue(8, fixture.port, 77)) {
            final Socket[] peer = new Socket[1];
            final RioRequestQueue queue = connected(completions, peer, 3);
            queue.receive(fixture.buffers.acquire(), 1, 0);
            completions.requestNotification();
            peer[0].getOutputStream().write(1);
            final CompletionEntries entries = SimulatedNetwork.one(fixture.port);
            assertThat(entries.key(0)).isEqualTo(77);
            assertThat(entries.overlapped(0)).isEqualTo(completions.overlapped());
            assertThat(completions.dequeue(fixture.results)).isEqualTo(1);
            assertThatThrownBy(completions::event).isInstanceOf(IllegalStateException.class);
            peer[0].close();
        }
    }

    @Test
    void aPolledQueueHasNoNotification() throws Exception {
        try (RioCompletionQueue completions = fixture.rio.createPolledQueue(8)) {
            assertThatThrownBy(completions::requestNotification).isInstanceOf(IllegalStateException.class);
            assertThatThrownBy(completions::overlapped).isInstanceOf(IllegalStateException.class);
        }
    }

    /** What Windows would answer with WSAENOBUFS is refused before it is asked, and places return. */
    @Test
    void capacityIsAccountedFor() throws Exception {
        try (RioCompletionQueue completions = fixture.rio.createPolledQueue(6)) {
            final Socket[] peer = new Socket[1];
            final RioRequestQueue queue = connected(completions, peer, 2);
            assertThat(completions.reserved()).isEqualTo(4);
            final Socket other = fixture.peer();
            final long socket = fixture.accept();
            assertThatThrownBy(() -> RioRequestQueue.open(socket, 2, 1, completions, completions))
                    .isInstanceOf(RioCapacityException.class)
                    .hasMessageContaining("6 places")
                    .hasMessageContaining("2 are free");
            assertThat(completions.reserved()).isEqualTo(4);
            assertThat(completions.requestQueues()).isEqualTo(1);
            completions.resize(7);
            final RioRequestQueue second = RioRequestQueue.open(socket, 2, 1, completions, completions);
            assertThatThrownBy(() -> completions.resize(6)).isInstanceOf(RioCapacityException.class);
            assertThatThrownBy(() -> second.resize(3, 1)).isInstanceOf(RioCapacityException.class);
            assertThat(completions.reserved()).isEqualTo(7);

            queue.receive(fixture.buffers.acquire(), 1, 0);
            queue.receive(fixture.buffers.acquire(), 2, 0);
            assertThatThrownBy(() -> queue.receive(fixture.buffers.acquire(), 3, 0))
                    .isInstanceOf(RioCapacityException.class)
                    .hasMessageContaining("all 2 receives");
            assertThatThrownBy(() -> queue.resize(1, 1)).isInstanceOf(RioCapacityException.class);

            queue.close();
            assertThat(completions.reserved()).isEqualTo(7); // until the completions are dequeued
            fixture.one(completions);
            assertThat(queue.isDrained()).isFalse();
            fixture.one(completions);
            assertThat(queue.isDrained()).isTrue();
            assertThat(completions.reserved()).isEqualTo(3);
            second.resize(4, 3);
            assertThat(completions.reserved()).isEqualTo(7);
            for (int i = 0; i < 4; i++) {
                assertThat(second.receive(fixture.buffers.acquire(), i, 0)).isZero();
            }
            second.resize(4, 0);
            assertThat(completions.reserved()).isEqualTo(4);
            completions.resize(4);
            peer[0].close();
            other.close();
        }
    }

    @Test
    void directionsMayHaveQueuesOfTheirOwn() throws Exception {
        try (RioCompletionQueue receives = fixture.rio.createPolledQueue(2);
                RioCompletionQueue sends = fixture.rio.createPolledQueue(1)) {
            final Socket peer = fixture.peer();
            final long socket = fixture.accept();
            assertThatThrownBy(() -> RioRequestQueue.open(socket, 2, 2, receives, sends))
                    .isInstanceOf(RioCapacityException.class);
            assertThat(receives.reserved()).isZero();
            final RioRequestQueue queue = RioRequestQueue.open(socket, 2, 1, receives, sends);
            queue.receive(fixture.buffers.acquire(), 1, 0);
            queue.send(fixture.slice("x"), 2, 0);
            assertThat(fixture.one(sends).context(0)).isEqualTo(2);
            peer.getOutputStream().write(1);
            assertThat(fixture.one(receives).context(0)).isEqualTo(1);
            queue.receive(fixture.buffers.acquire(), 3, 0);
            queue.close();
            assertThat(fixture.one(receives).context(0)).isEqualTo(3);
            assertThat(sends.reserved()).isZero();
            assertThat(receives.reserved()).isZero();
            peer.close();
        }
    }

    @Test
    void deferredRequestsStartWithTheCommit() throws Exception {
        SimulatedNetwork.control().sim_rio_configure(5, 0, 100, 0); // deferred ones always wait
        try (RioCompletionQueue completions = fixture.rio.createPolledQueue(16)) {
            final Socket[] peer = new Socket[1];
            final RioRequestQueue queue = connected(completions, peer, 4);
            queue.send(fixture.slice("one "), 1, RioRequestQueue.DEFER);
            queue.send(fixture.slice("two "), 2, RioRequestQueue.DEFER);
            assertThat(queue.freeSends()).isEqualTo(2); // counted at once
            queue.receive(fixture.buffers.acquire(), 9, RioRequestQueue.DEFER);
            Thread.sleep(20);
            assertThat(completions.dequeue(fixture.results)).isZero();
            assertThat(queue.commitSends()).isZero();
            assertThat(fixture.one(completions).context(0)).isEqualTo(1);
            assertThat(fixture.one(completions).context(0)).isEqualTo(2);
            queue.send(fixture.slice("three "), 3, RioRequestQueue.DEFER);
            queue.send(fixture.slice("four"), 4, 0); // starts those before it
            assertThat(fixture.one(completions).context(0)).isEqualTo(3);
            assertThat(fixture.one(completions).context(0)).isEqualTo(4);
            assertThat(new String(peer[0].getInputStream().readNBytes(18), StandardCharsets.UTF_8))
                    .isEqualTo("one two three four");
            peer[0].getOutputStream().write(1);
            assertThat(queue.commitReceives()).isZero();
            assertThat(fixture.one(completions).context(0)).isEqualTo(9);
            peer[0].close();
        }
    }

    @Test
    void datagramsCarryAddresses() throws Exception {
        try (RioCompletionQueue completions = fixture.rio.createPolledQueue(16)) {
            final RioRequestQueue a = RioRequestQueue.open(RioFixture.datagramSocket(), 2, 2, completions, completions);
            final RioRequestQueue b = RioRequestQueue.open(RioFixture.datagramSocket(), 2, 2, completions, completions);
            final RioSlice in = fixture.buffers.acquire();
            final RioSlice from = fixture.slab.slice(fixture.buffers.acquire().offset(), SocketAddresses.IN6_SIZE);
            final RioSlice to = fixture.slab.slice(fixture.buffers.acquire().offset(), SocketAddresses.IN6_SIZE);
            SocketAddresses.set(to.buffer(), 0, Winsock.localAddress(b.socket()));
            assertThat(b.receiveEx(in, null, from, null, null, 1, 0)).isZero();
            assertThat(a.sendEx(fixture.slice("datagram"), null, to, null, null, 2, 0))
                    .isZero();
            for (int i = 0; i < 2; i++) {
                final RioResults results = fixture.one(completions);
                assertThat(results.error(0)).isZero();
                assertThat(results.bytes(0)).isEqualTo(8);
                assertThat(results.queue(0)).isSameAs(results.isSend(0) ? a : b);
            }
            assertThat(RioFixture.text(in, 8)).isEqualTo("datagram");
            assertThat(SocketAddresses.get(from.buffer(), 0, from.length()))
                    .isEqualTo(Winsock.localAddress(a.socket()));

            b.receiveEx(fixture.slab.slice(in.offset(), 3), null, from, null, null, 3, 0);
            a.sendEx(fixture.slice("too long"), null, to, null, null, 4, 0);
            for (int i = 0; i < 2; i++) {
                final RioResults results = fixture.one(completions);
                assertThat(results.error(0)).isEqualTo(results.isSend(0) ? 0 : WinsockError.WSAEMSGSIZE);
            }
        }
    }

    @Test
    void closingTheSocketAbortsWhatIsInFlight() throws Exception {
        try (RioCompletionQueue completions = fixture.rio.createEventQueue(8)) {
            final Socket[] peer = new Socket[1];
            final RioRequestQueue queue = connected(completions, peer, 3);
            final RioSlice in = fixture.buffers.acquire();
            queue.receive(in, 1, 0);
            queue.receive(fixture.buffers.acquire(), 2, 0);
            completions.requestNotification();
            assertThatThrownBy(fixture.slab::close)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("2 requests in flight");
            assertThatThrownBy(() -> fixture.buffers.release(in)).isInstanceOf(IllegalStateException.class);
            assertThatThrownBy(() -> queue.receive(in, 3, 0))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("in flight");
            assertThat(queue.freeReceives()).isEqualTo(1); // the refused one has no place

            queue.close();
            assertThat(queue.isDrained()).isFalse();
            assertThat(in.isPending()).isTrue();
            assertThatThrownBy(fixture.slab::close).isInstanceOf(IllegalStateException.class);
            assertThat(completions.await(SimulatedNetwork.PATIENCE)).isTrue();
            for (int i = 0; i < 2; i++) {
                assertThat(WinsockError.isEndOfConnection(
                                fixture.one(completions).error(0)))
                        .isTrue();
            }
            assertThat(queue.isDrained()).isTrue();
            assertThat(in.isPending()).isFalse();
            fixture.buffers.release(in);
            peer[0].close();
        }
    }

    @Test
    void closingTheCompletionQueueClosesSocketsAndTakesWhatComes() throws Exception {
        final RioCompletionQueue completions = fixture.rio.createEventQueue(64);
        final Socket[] peer = new Socket[1];
        final RioSlice in = fixture.buffers.acquire();
        for (int i = 0; i < 5; i++) {
            final RioRequestQueue queue = connected(completions, peer, 3);
            queue.receive(i == 0 ? in : fixture.buffers.acquire(), 1, 0);
            queue.receive(fixture.buffers.acquire(), 1, 0);
        }
        completions.close();
        assertThat(completions.isClosed()).isTrue();
        assertThat(fixture.slab.inFlight()).isZero();
        assertThat(in.isPending()).isFalse();
        completions.close();
        peer[0].close();
    }

    @Test
    void useAfterCloseIsAnException() throws Exception {
        final RioCompletionQueue completions = fixture.rio.createEventQueue(8);
        final Socket[] peer = new Socket[1];
        final RioRequestQueue queue = connected(completions, peer, 3);
        final RioSlice in = fixture.buffers.acquire();
        queue.close();
        queue.close();
        assertThatThrownBy(() -> queue.receive(in, 1, 0)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> queue.send(in, 1, 0)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> queue.receiveEx(in, null, null, null, null, 1, 0))
                .isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(queue::commitSends).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> queue.resize(1, 1)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(queue::socket).isInstanceOf(IllegalStateException.class);
        assertThat(queue.freeReceives()).isEqualTo(3);
        assertThat(in.isPending()).isFalse();

        completions.close();
        assertThatThrownBy(() -> completions.dequeue(fixture.results)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(completions::requestNotification).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> completions.resize(9)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> completions.await(0)).isInstanceOf(IllegalStateException.class);
        peer[0].close();
        final Socket other = fixture.peer();
        final long socket = fixture.accept();
        assertThatThrownBy(() -> RioRequestQueue.open(socket, 1, 1, completions, completions))
                .isInstanceOf(IllegalStateException.class);
        Winsock.close(socket);
        other.close();

        final RioSlab slab = fixture.rio.allocateSlab(1);
        final RioSlice slice = slab.slice(4095, 1);
        slab.close();
        slab.close();
        assertThatThrownBy(() -> slab.slice(0, 1)).isInstanceOf(IllegalStateException.class);
        slice.buffer().put(0, (byte) 1); // readable as long as there is a view
        try (RioCompletionQueue another = fixture.rio.createPolledQueue(8)) {
            final RioRequestQueue open = connected(another, peer, 1);
            assertThatThrownBy(() -> open.receive(slice, 1, 0))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("slab is closed");
            assertThat(open.freeReceives()).isEqualTo(1);
            assertThat(slice.isPending()).isFalse();
        }
    }

    @Test
    void aSecondThreadAtTheSameTimeIsRefused() throws Exception {
        try (RioCompletionQueue completions = fixture.rio.createEventQueue(8)) {
            final Socket[] peer = new Socket[1];
            final RioRequestQueue queue = connected(completions, peer, 3);
            final CountDownLatch inside = new CountDownLatch(1);
            final CountDownLatch done = new CountDownLatch(1);
            final Thread other = new Thread(
                    () -> {
                        completions.guard().enter("the completion queue");
                        inside.countDown();
                        try {
                            done.await(SimulatedNetwork.PATIENCE, TimeUnit.MILLISECONDS);
                        } catch (final InterruptedException e) {
                            throw new AssertionError(e);
                        }
                        completions.guard().leave();
                    },
                    "the other one");
            other.start();
            inside.await();
            for (final ThrowingCallable call : List.<ThrowingCallable>of(
                    () -> completions.dequeue(fixture.results),
                    completions::requestNotification,
                    () -> completions.resize(16),
                    completions::close,
                    queue::close,
                    queue::commitReceives,
                    () -> queue.resize(1, 1),
                    () -> queue.receive(fixture.slab.slice(0, 1), 1, 0))) {
                assertThatThrownBy(call)
                        .isInstanceOf(IllegalStateException.class)
                        .hasMessageContaining("the other one");
            }
            done.countDown();
            other.join();
            assertThat(completions.dequeue(fixture.results)).isZero();
            peer[0].close();
        }
    }

    @Test
    void aSocketWithoutTheFlagIsRefusedAndStaysTheCallers() throws Exception {
        final long socket = Winsock.socket(WinsockConstants.AF_INET, WinsockConstants.SOCK_STREAM, 0, 0);
        try (RioCompletionQueue completions = fixture.rio.createPolledQueue(8)) {
            assertThatThrownBy(() -> RioRequestQueue.open(socket, 1, 1, completions, completions))
                    .isInstanceOf(WinsockException.class)
                    .hasMessageContaining("RIOCreateRequestQueue(socket=" + socket);
            assertThat(completions.reserved()).isZero();
            assertThat(completions.requestQueues()).isZero();
        }
        Winsock.close(socket);
    }

    @Test
    void buffersAreTakenAndGivenBackOnce() throws Exception {
        try (RioSlab slab = fixture.rio.allocateSlab(8192)) {
            final RioBuffers buffers = RioBuffers.of(slab, 3000);
            assertThat(buffers.count()).isEqualTo(2);
            final RioSlice first = buffers.acquire();
            assertThat(buffers.acquire()).isNotSameAs(first).isNotNull();
            assertThat(buffers.acquire()).isNull();
            buffers.release(first);
            assertThatThrownBy(() -> buffers.release(first)).isInstanceOf(IllegalStateException.class);
            assertThatThrownBy(() -> buffers.release(slab.slice(0, 3000))).isInstanceOf(IllegalArgumentException.class);
            assertThat(buffers.acquire()).isSameAs(first);
            assertThatThrownBy(() -> slab.slice(8000, 193)).isInstanceOf(IndexOutOfBoundsException.class);
            assertThatThrownBy(() -> slab.slice(0, 0)).isInstanceOf(IndexOutOfBoundsException.class);
            assertThat(slab.size()).isEqualTo(8192);
        }
    }
}
