package dev.ringflow.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ringflow.net.DatagramDetail;
import dev.ringflow.net.DatagramInfo;
import dev.ringflow.net.DatagramOptions;
import dev.ringflow.net.DatagramSettings;
import dev.ringflow.net.MulticastMembership;
import dev.ringflow.net.RingDatagramSocket;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.util.Objects;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/** What comes with datagrams, cutting and joining them, multicast and broadcast: done, or refused with a word why. */
public abstract class DatagramDetailContract extends DriverContract {
    /** For subclasses. */
    protected DatagramDetailContract() {}

    /**
     * Whether the driver has more than a JDK's channels have.
     *
     * @return false for the driver nio
     */
    protected abstract boolean hasControlMessages();

    private RingDatagramSocket bound(DatagramOptions.Builder options) {
        return await(ring().bindAsync(loopback(), options.build()));
    }

    private static InetSocketAddress at(RingDatagramSocket socket) {
        return (InetSocketAddress) Objects.requireNonNull(socket.localAddress());
    }

    private static NetworkInterface lo() throws IOException {
        return Objects.requireNonNull(
                NetworkInterface.getByInetAddress(InetAddress.getByName("127.0.0.1")), "an interface of loopback");
    }

    private void assumeControlMessages() {
        Assumptions.assumeTrue(hasControlMessages(), () -> "the driver " + driverName() + " has no control messages");
    }

    @Test
    void driverWithoutDetailsRefusesThemAndSaysSo() {
        Assumptions.assumeFalse(hasControlMessages(), "this driver has them");
        for (DatagramOptions.Builder each : new DatagramOptions.Builder[] {
            DatagramOptions.builder().details(DatagramDetail.TIMESTAMP),
            DatagramOptions.builder().segmentSize(100),
            DatagramOptions.builder().coalescing(true),
            DatagramOptions.builder().hopLimit(3)
        }) {
            assertThat(failureOf(ring().bindAsync(loopback(), each.build())))
                    .isInstanceOf(UnsupportedOperationException.class)
                    .hasMessageContaining(driverName());
        }
        RingDatagramSocket a = bound(DatagramOptions.builder());
        assertThat(failureOf(a.sendAsync(Bytes.direct(1), at(a), DatagramSettings.NONE.withHopLimit(3))))
                .isInstanceOf(UnsupportedOperationException.class)
                .hasMessageContaining(driverName());
        assertThat(await(a.sendAsync(Bytes.direct(1), at(a), DatagramSettings.NONE)))
                .isEqualTo(1);
        assertThat(ring().capabilities().details()).containsKey("datagrams");
    }

    @Test
    void allDetailsComeWithADatagramOfEitherProtocol() throws IOException {
        assumeControlMessages();
        DatagramOptions all = DatagramOptions.builder()
                .details(DatagramDetail.values())
                .receiveBuffer(1 << 16)
                .build();
        RingDatagramSocket any = await(ring().bindAsync(new InetSocketAddress(0), all));
        RingDatagramSocket four =
                await(ring().bindAsync(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), 0), all));
        assertDetails(any, "127.0.0.1", "127.0.0.1");
        assertDetails(four, "127.0.0.1", "127.0.0.1");
        if (outcomeOf(ring().bindAsync(new InetSocketAddress(InetAddress.getByName("::1"), 0)))
                .isEmpty()) {
            assertDetails(any, "::1", "::1");
        }
    }

    private void assertDetails(RingDatagramSocket receiver, String from, String to) throws IOException {
        RingDatagramSocket sender = await(ring().bindAsync(
                        new InetSocketAddress(InetAddress.getByName(from), 0),
                        DatagramOptions.builder()
                                .hopLimit(77)
                                .trafficClass(0x28)
                                .build()));
        long before = System.currentTimeMillis();
        InetSocketAddress where = new InetSocketAddress(InetAddress.getByName(to), receiver.localPort());
        await(sender.sendAsync(Bytes.direct(5), where));
        DatagramInfo info = await(receiver.receiveAsync(Bytes.direct(100)));
        assertThat(info.sender()).isEqualTo(sender.localAddress());
        assertThat(info.hopLimit()).as("%s to %s", from, receiver).isEqualTo(77);
        assertThat(info.trafficClass()).isEqualTo(0x28);
        assertThat(info.ecn()).isZero();
        assertThat(info.destination()).isEqualTo(InetAddress.getByName(to));
        assertThat(info.interfaceIndex()).isEqualTo(lo().getIndex());
        assertThat(Objects.requireNonNull(info.timestamp()).toEpochMilli())
                .isBetween(before - 60_000, System.currentTimeMillis() + 60_000);

        DatagramSettings settings =
                DatagramSettings.NONE.withHopLimit(5).withTrafficClass(3).withSource(InetAddress.getByName(from));
        await(sender.sendAsync(Bytes.direct(5), where, settings));
        info = await(receiver.receiveAsync(Bytes.direct(100)));
        assertThat(info.hopLimit()).isEqualTo(5);
        assertThat(info.ecn()).isEqualTo(3);
        await(sender.closeAsync());
    }

    @Test
    void detailsAreNotToldUnlessAskedFor() {
        RingDatagramSocket a = bound(DatagramOptions.builder());
        await(a.sendAsync(Bytes.direct(5), at(a)));
        DatagramInfo info = await(a.receiveAsync(Bytes.direct(100)));
        assertThat(info.hopLimit()).isEqualTo(-1);
        assertThat(info.trafficClass()).isEqualTo(-1);
        assertThat(info.ecn()).isEqualTo(-1);
        assertThat(info.destination()).isNull();
        assertThat(info.timestamp()).isNull();
        assertThat(info.drops()).isEqualTo(-1);
        assertThat(info.segments()).isEqualTo(1);
    }

    @Test
    void receiveWithDetailsWaitsForItsDatagram() {
        assumeControlMessages();
        RingDatagramSocket a = bound(DatagramOptions.builder().details(DatagramDetail.HOP_LIMIT));
        for (int i = 0; i < 5; i++) {
            var receive = a.receiveAsync(Bytes.direct(100));
            onLoop(ring(), () -> true);
            assertThat(receive).isNotDone();
            await(a.sendAsync(Bytes.direct(i), at(a)));
            assertThat(await(receive).hopLimit()).isPositive();
        }
        var abandoned = a.receiveAsync(Bytes.direct(100));
        await(a.closeAsync());
        assertThat(failureOf(abandoned)).isInstanceOf(java.nio.channels.AsynchronousCloseException.class);
    }

    @Test
    void whatAFullSocketDropsIsCounted() {
        assumeControlMessages();
        RingDatagramSocket a =
                bound(DatagramOptions.builder().details(DatagramDetail.DROPS).receiveBuffer(1));
        for (int i = 0; i < 200; i++) {
            await(a.sendAsync(Bytes.direct(1000), at(a)));
        }
        await(a.receiveAsync(Bytes.direct(1000))); // makes room
        long drops = -1;
        for (int i = 0; i < 200 && drops <= 0; i++) {
            await(a.sendAsync(Bytes.direct(1000), at(a)));
            drops = await(a.receiveAsync(Bytes.direct(1000))).drops();
        }
        assertThat(drops).isPositive();
    }

    @Test
    void kernelCutsASendIntoSegments() {
        assumeControlMessages();
        RingDatagramSocket a = bound(DatagramOptions.builder());
        RingDatagramSocket b = bound(DatagramOptions.builder().segmentSize(300));
        ByteBuffer all = Bytes.direct(Bytes.content(1000));
        assertThat(await(a.sendAsync(all, at(a), DatagramSettings.NONE.withSegmentSize(300))))
                .isEqualTo(1000);
        assertThat(await(b.sendAsync(all.clear(), at(a)))).isEqualTo(1000);
        for (int i = 0; i < 8; i++) {
            ByteBuffer in = Bytes.direct(2000);
            assertThat(await(a.receiveAsync(in)).length()).isEqualTo(i % 4 == 3 ? 100 : 300);
            assertThat(in.get(0)).isEqualTo(Bytes.content(1000)[i % 4 * 300]);
        }
    }

    @Test
    void kernelPutsDatagramsTogetherAndTheyCanBeToldApart() {
        assumeControlMessages();
        RingDatagramSocket a = bound(DatagramOptions.builder().coalescing(true));
        RingDatagramSocket b = bound(DatagramOptions.builder());
        byte[] content = Bytes.content(1000);
        await(b.sendAsync(Bytes.direct(content), at(a), DatagramSettings.NONE.withSegmentSize(300)));
        int done = 0;
        int receives = 0;
        while (done < 1000) {
            ByteBuffer in = Bytes.direct(65_536);
            DatagramInfo info = await(a.receiveAsync(in));
            receives++;
            for (ByteBuffer each : info.segments(in.flip())) {
                int length = Math.min(300, 1000 - done);
                assertThat(Bytes.remaining(each)).isEqualTo(java.util.Arrays.copyOfRange(content, done, done + length));
                done += length;
            }
        }
        System.out.println(driverName() + ": 4 segments came in " + receives + " receives");
        assertThat(done).isEqualTo(1000);
    }

    /**
     * Skips a test where the system itself has no multicast on the loopback interface.
     *
     * @throws IOException if the system refuses to be asked
     */
    protected void assumeMulticast() throws IOException {}

    @Test
    void multicastGoesToWhoHasJoinedAndEndsWithLeaving() throws IOException {
        assumeMulticast();
        InetAddress group = InetAddress.getByName("239.255.77.1");
        DatagramOptions options = DatagramOptions.builder()
                .family(java.net.StandardProtocolFamily.INET)
                .reuseAddress(true)
                .multicastInterface(lo())
                .multicastHopLimit(0)
                .build();
        RingDatagramSocket a = await(ring().bindAsync(new InetSocketAddress("0.0.0.0", 0), options));
        RingDatagramSocket b = await(ring().bindAsync(loopback(), options));
        InetSocketAddress where = new InetSocketAddress(group, a.localPort());
        MulticastMembership membership = new MulticastMembership(group, lo());
        assertThat(failureOf(a.leaveAsync(membership))).isInstanceOf(IOException.class);
        await(a.joinAsync(group, lo()));
        assertThat(await(b.sendAsync(Bytes.direct(3), where))).isEqualTo(3);
        DatagramInfo info = await(a.receiveAsync(Bytes.direct(10)));
        assertThat(info.length()).isEqualTo(3);
        assertThat(info.sender()).isEqualTo(b.localAddress());

        await(a.leaveAsync(membership));
        await(b.sendAsync(Bytes.direct(4), where));
        await(b.sendAsync(Bytes.direct(5), new InetSocketAddress("127.0.0.1", a.localPort())));
        assertThat(await(a.receiveAsync(Bytes.direct(10))).length()).isEqualTo(5);

        InetAddress stranger = InetAddress.getByName("127.0.0.77");
        await(a.joinAsync(group, lo(), stranger));
        await(b.sendAsync(Bytes.direct(6), where)); // not of that source
        await(a.joinAsync(group, lo(), InetAddress.getByName("127.0.0.1")));
        await(b.sendAsync(Bytes.direct(7), where));
        assertThat(await(a.receiveAsync(Bytes.direct(10))).length()).isEqualTo(7);
        await(a.leaveAsync(new MulticastMembership(group, lo(), stranger)));
        assertThatThrownBy(() -> a.joinAsync(InetAddress.getByName("10.0.0.1"), lo()))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void broadcastNeedsPermission() throws IOException {
        InetSocketAddress everybody = new InetSocketAddress("127.255.255.255", 0);
        RingDatagramSocket receiver =
                await(ring().bindAsync(new InetSocketAddress("0.0.0.0", 0), DatagramOptions.defaults()));
        InetSocketAddress where = new InetSocketAddress(everybody.getAddress(), receiver.localPort());
        RingDatagramSocket without = bound(DatagramOptions.builder());
        assertThat(failureOf(without.sendAsync(Bytes.direct(1), where)))
                .isInstanceOf(SocketException.class)
                .hasMessageContaining("broadcast");
        RingDatagramSocket with = bound(DatagramOptions.builder().broadcast(true));
        assertThat(await(with.sendAsync(Bytes.direct(2), where))).isEqualTo(2);
        assertThat(await(receiver.receiveAsync(Bytes.direct(10))).length()).isEqualTo(2);
    }

    @Test
    void unixDatagramsGoByPathOrAreRefused() {
        UnixDomainSocketAddress first = UnixDomainSocketAddress.of(directory.resolve("a"));
        UnixDomainSocketAddress second = UnixDomainSocketAddress.of(directory.resolve("b"));
        if (!hasControlMessages()) {
            assertThat(failureOf(ring().bindAsync(first)))
                    .isInstanceOf(UnsupportedOperationException.class)
                    .hasMessageContaining(driverName());
            return;
        }
        RingDatagramSocket a = await(ring().bindAsync(first));
        RingDatagramSocket b = await(ring().bindAsync(second));
        assertThat(a.localAddress()).isEqualTo(first);
        assertThat(a.localPort()).isEqualTo(-1);
        await(b.sendAsync(Bytes.direct(Bytes.content(100)), first));
        ByteBuffer in = Bytes.direct(50);
        DatagramInfo info = await(a.receiveAsync(in));
        assertThat(info.sender()).isEqualTo(second);
        assertThat(info.isTruncated()).isTrue();
        await(b.connectAsync(first));
        await(b.sendAsync(Bytes.direct(1)));
        assertThat(await(a.receiveAsync(in.clear())).length()).isEqualTo(1);
    }
}
