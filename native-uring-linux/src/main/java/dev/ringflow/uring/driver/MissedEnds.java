package dev.ringflow.uring.driver;

import dev.ringflow.spi.DriverCounters;
import dev.ringflow.spi.Operation;
import dev.ringflow.uring.Memory;
import dev.ringflow.uring.UringConstants;
import dev.ringflow.uring.internal.LibC;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Ends of connections that a multishot receive never tells. When a reset, or the closing of a local socket, comes together
 * with the last bytes, the kernel may take two wake-ups for one: it delivers the bytes, and nothing after them (Linux 7.0
 * mends it in part). So a receive that has delivered, and then nothing for a while, has its socket looked at once, without
 * waiting; if that has come to its end, the receive is called off and begun anew, which the kernel answers with the end.
 * Busy connections are not looked at, nor idle ones again. Confined to the loop thread.
 */
final class MissedEnds {
    /** What is kept as the state of a receive that goes on. */
    private enum Look {
        /** It has delivered since the last time. */
        LATER,
        /** It has not. */
        NOW,
        /** Its socket has come to its end. */
        OVER
    }

    private static final long PAUSE_NANOS = 100_000_000;
    private static final int SIZE = 8;
    private static final int EVENTS = 4;
    private static final int FOUND = 6;
    private static final int AT_A_TIME = 256;

    private final SlotTable slots;
    private final Cancellations cancellations;
    private final DriverCounters counters;
    private final ByteBuffer polls = Memory.allocate(AT_A_TIME * SIZE, SIZE);
    private final @Nullable Operation[] asked = new Operation[AT_A_TIME];
    private long[] watched = new long[16];
    private int count;
    private long nextLook;

    MissedEnds(SlotTable slots, Cancellations cancellations, DriverCounters counters) {
        this.slots = slots;
        this.cancellations = cancellations;
        this.counters = counters;
    }

    /** A receive has delivered, and goes on. */
    void delivered(Operation receive) {
        Object look = receive.driverState();
        if (look == null) {
            watch(slots.userData(receive));
        }
        if (look != Look.LATER && look != Look.OVER) {
            receive.driverState(Look.LATER);
        }
    }

    private void watch(long userData) {
        if (count == 0) {
            nextLook = System.nanoTime() + PAUSE_NANOS;
        } else if (count == watched.length) {
            watched = Arrays.copyOf(watched, 2 * count);
        }
        watched[count++] = userData;
    }

    /** Whether this class has called it off, so that it is to be begun anew. */
    static boolean isOver(Operation receive) {
        return receive.driverState() == Look.OVER;
    }

    /** How long the loop may wait before {@link #look} has something to do. */
    long nanosUntilLook() {
        return count == 0 ? Long.MAX_VALUE : Math.max(0, nextLook - System.nanoTime());
    }

    /** Looks at those that have become quiet, if it is time. */
    void look() {
        if (count == 0 || System.nanoTime() - nextLook < 0) {
            return;
        }
        int kept = 0;
        int asking = 0;
        for (int i = 0; i < count; i++) {
            Operation receive = slots.find(watched[i]);
            if (receive == null || receive.isCancelRequested()) {
                continue;
            }
            if (receive.driverState() == Look.LATER) {
                receive.driverState(Look.NOW);
                watched[kept++] = watched[i];
            } else if (receive.driverState() == Look.NOW) {
                receive.driverState(null);
                asked[asking++] = receive;
                if (asking == AT_A_TIME) {
                    ask(asking);
                    asking = 0;
                }
            }
        }
        ask(asking);
        count = kept;
        nextLook = System.nanoTime() + PAUSE_NANOS;
    }

    private void ask(int number) {
        if (number == 0) {
            return;
        }
        for (int i = 0; i < number; i++) {
            polls.putInt(i * SIZE, Preparation.fd(Objects.requireNonNull(asked[i])));
            polls.putShort(i * SIZE + EVENTS, (short) UringConstants.POLLRDHUP);
            polls.putShort(i * SIZE + FOUND, (short) 0);
        }
        counters.systemCalls().add(1);
        int found = LibC.poll(Memory.address(polls), number, 0);
        for (int i = 0; i < number; i++) {
            if (found > 0 && polls.getShort(i * SIZE + FOUND) != 0) {
                Operation receive = Objects.requireNonNull(asked[i]);
                receive.driverState(Look.OVER);
                cancellations.request(receive);
            }
        }
        Arrays.fill(asked, 0, number, null);
    }
}
