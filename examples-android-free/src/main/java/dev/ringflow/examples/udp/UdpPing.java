package dev.ringflow.examples.udp;

import dev.ringflow.Ring;
import dev.ringflow.net.DatagramInfo;
import dev.ringflow.net.RingDatagramSocket;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Asks a server that sends datagrams back, one question at a time, and tells how long the answers took:
 * {@code UdpPing HOST PORT [COUNT]}.
 */
public final class UdpPing {
    private static final int DEFAULT_COUNT = 1000;
    private static final int SIZE = 64;

    private UdpPing() {}

    /**
     * What came of it.
     *
     * @param sent how many questions were sent
     * @param nanos how long the answers took that came in time, in nanoseconds, the shortest first
     */
    public record Result(int sent, long[] nanos) {
        /**
         * A percentile of the times.
         *
         * @param percent 0 to 100
         * @return nanoseconds, 0 if there was no answer
         */
        public long percentile(double percent) {
            return nanos.length == 0 ? 0 : nanos[(int) Math.min(nanos.length - 1, nanos.length * percent / 100)];
        }

        /**
         * How many questions had no answer in time.
         *
         * @return the number
         */
        public int lost() {
            return sent - nanos.length;
        }

        @Override
        public String toString() {
            return String.format(
                    "%d sent, %d lost; %.1f µs at best, median %.1f µs, 99%% below %.1f µs",
                    sent, lost(), percentile(0) / 1e3, percentile(50) / 1e3, percentile(99) / 1e3);
        }
    }

    /**
     * Asks, and waits for each answer. Blocks the calling thread, which must not be the loop's.
     *
     * @param ring the ring
     * @param server whom to ask
     * @param count how often
     * @param patience how long to wait for an answer before it counts as lost
     * @return what came of it
     * @throws InterruptedException if somebody interrupts it
     */
    public static Result ping(Ring ring, SocketAddress server, int count, Duration patience)
            throws InterruptedException {
        long[] times = new long[count];
        int answers = 0;
        try (RingDatagramSocket socket =
                ring.bindAsync(new InetSocketAddress(0)).join()) {
            socket.connectAsync(server).join();
            ByteBuffer question = ByteBuffer.allocateDirect(SIZE);
            ByteBuffer answer = ByteBuffer.allocateDirect(SIZE);
            for (int number = 0; number < count; number++) {
                long start = System.nanoTime();
                socket.sendAsync(question.clear().putInt(0, number)).join();
                if (answered(socket, answer, number, patience.minusNanos(System.nanoTime() - start))) {
                    times[answers++] = System.nanoTime() - start;
                }
            }
        }
        long[] came = Arrays.copyOf(times, answers);
        Arrays.sort(came);
        return new Result(count, came);
    }

    /** Waits for the answer of a certain number; others are late ones. */
    private static boolean answered(RingDatagramSocket socket, ByteBuffer answer, int number, Duration patience)
            throws InterruptedException {
        long deadline = System.nanoTime() + patience.toNanos();
        while (true) {
            var receive = socket.receiveAsync(answer.clear());
            try {
                DatagramInfo info = receive.get(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
                if (info.length() == SIZE && answer.getInt(0) == number) {
                    return true;
                }
            } catch (TimeoutException e) {
                receive.cancel(false);
                try {
                    receive.released().join(); // the buffer is used again
                } catch (CompletionException | java.util.concurrent.CancellationException cancelled) {
                    return false;
                }
                return false;
            } catch (ExecutionException e) {
                return false; // nobody there
            }
        }
    }

    /**
     * Asks, and prints what came of it.
     *
     * @param arguments host, port, and how often
     * @throws InterruptedException if somebody interrupts it
     */
    public static void main(String... arguments) throws InterruptedException {
        if (arguments.length < 2) {
            System.err.println("usage: UdpPing HOST PORT [COUNT]");
            return;
        }
        int count = arguments.length > 2 ? Integer.parseInt(arguments[2]) : DEFAULT_COUNT;
        try (Ring ring = Ring.open()) {
            SocketAddress server = new InetSocketAddress(arguments[0], Integer.parseInt(arguments[1]));
            System.out.println(ping(ring, server, count, Duration.ofSeconds(1)));
        }
    }
}
