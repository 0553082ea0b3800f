package dev.ringflow.windows.driver;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ringflow.Ring;
import dev.ringflow.RingFuture;
import dev.ringflow.net.DatagramInfo;
import dev.ringflow.net.RingDatagramSocket;
import dev.ringflow.tck.DriverContract;
import dev.ringflow.windows.Simulators;
import dev.ringflow.windows.iocp.SimulatedNetwork;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** How datagrams reach the kernel, and what more are sent at once than it takes at once. */
@ExtendWith(Simulators.class)
class WindowsDatagramWaysTest extends DriverContract {
    private static final int REQUEST_QUEUES = 1;

    @Override
    protected String driverName() {
        return "windows";
    }

    private static int requestQueues() {
        return SimulatedNetwork.control().sim_rio_live(REQUEST_QUEUES);
    }

    private static InetSocketAddress at(RingDatagramSocket socket) {
        return (InetSocketAddress) Objects.requireNonNull(socket.localAddress());
    }

    private static ByteBuffer number(int number) {
        return ByteBuffer.allocateDirect(Integer.BYTES).putInt(0, number);
    }

    private void exchange(Ring by) {
        RingDatagramSocket a = await(by.bindAsync(loopback()));
        RingDatagramSocket b = await(by.bindAsync(loopback()));
        RingFuture<DatagramInfo> came = b.receiveAsync(number(0));
        await(a.sendAsync(number(7), at(b)));
        assertThat(await(came).sender()).isEqualTo(at(a));
    }

    @Test
    void datagramsGoByRegisteredIoWhereItIsThere() {
        int before = requestQueues();
        exchange(ring());
        assertThat(requestQueues()).isEqualTo(before + 2);
    }

    @Test
    void datagramsGoByTheCompletionPortWhereRegisteredIoIsSwitchedOff() {
        System.setProperty(SocketFamily.REGISTERED_PROPERTY, "false");
        try {
            Ring without = open(options());
            int before = requestQueues();
            exchange(without);
            assertThat(requestQueues()).isEqualTo(before);
        } finally {
            System.clearProperty(SocketFamily.REGISTERED_PROPERTY);
        }
    }

    @Test
    void sendsBeyondTheCapacityWaitAndOnesThatAreCancelledMeanwhileEnd() {
        RingDatagramSocket a = await(ring().bindAsync(loopback()));
        RingDatagramSocket b = await(ring().bindAsync(loopback()));
        int count = 3 * RegisteredDatagrams.SENDS;
        List<RingFuture<Integer>> sends = onLoop(ring(), () -> {
            List<RingFuture<Integer>> all = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                all.add(a.sendAsync(number(i), at(b)));
            }
            return all;
        });
        sends.get(count - 1).cancel(false);
        await(sends.get(count - 1).released());
        for (int i = 0; i < count - 1; i++) {
            assertThat(await(sends.get(i))).isEqualTo(Integer.BYTES);
            ByteBuffer in = number(-1);
            await(b.receiveAsync(in));
            assertThat(in.getInt(0)).isEqualTo(i);
        }
        await(a.closeAsync());
        await(b.closeAsync());
        eventually("nothing is in flight", () -> ring().metrics().inFlight() == 0);
    }
}
