package dev.ringflow.tck;

import dev.ringflow.Ring;
import dev.ringflow.RingFuture;
import dev.ringflow.RingOptions;
import dev.ringflow.RingUnavailableException;
import dev.ringflow.Support;
import dev.ringflow.net.ConnectOptions;
import dev.ringflow.net.ListenOptions;
import dev.ringflow.spi.OpCode;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * A program of its own, for a process that may lock little memory: sends more than that without copying, and says what
 * arrived and what the ring tells of it.
 */
final class ZeroCopyShortageProgram {
    private static final int SIZE = 2 << 20;

    private ZeroCopyShortageProgram() {}

    public static void main(String[] arguments) {
        try (Ring ring =
                Ring.open(RingOptions.builder().driver("uring").entries(8).build())) {
            if (ring.capabilities().support(OpCode.SEND_ZERO_COPY) != Support.NATIVE) {
                System.out.println("no zero-copy send");
                return;
            }
            try (StreamPair pair = StreamPair.of(
                    ring, DriverContract.loopback(), ListenOptions.defaults(), ConnectOptions.defaults())) {
                pair.client().zeroCopyThreshold(SIZE);
                byte[] content = Bytes.content(SIZE);
                for (int i = 0; i < 3; i++) {
                    ByteBuffer in = Bytes.direct(SIZE);
                    RingFuture<Integer> receive = pair.accepted().receiveFullyAsync(in);
                    RingFuture<Integer> send = pair.client().sendFullyAsync(Bytes.direct(content));
                    DriverContract.await(send);
                    DriverContract.await(send.released());
                    DriverContract.await(receive);
                    System.out.println("arrived " + Arrays.equals(Bytes.filled(in), content));
                }
            }
            System.out.println("details " + ring.capabilities().details());
        } catch (RingUnavailableException e) {
            System.out.println("no ring");
        }
    }
}
