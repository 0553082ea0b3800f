package dev.ringflow.uring;

import static dev.ringflow.uring.UringConstants.IO_URING_NAPI_REGISTER_OP;
import static dev.ringflow.uring.UringConstants.IO_URING_NAPI_STATIC_ADD_ID;
import static dev.ringflow.uring.UringConstants.IO_URING_NAPI_STATIC_DEL_ID;

import java.nio.ByteBuffer;

/**
 * How a ring polls the network device: what {@link Uring#registerNapi} takes, and what it answers with.
 *
 * <pre>{@code
 * struct io_uring_napi {
 *     __u32 busy_poll_to;     //  0
 *     __u8  prefer_busy_poll; //  4
 *     __u8  opcode;           //  5
 *     __u8  pad[2];
 *     __u32 op_param;         //  8
 *     __u32 resv;
 * };
 * }</pre>
 *
 * <p>Mutable, for one thread. Source: {@code io_uring_register_napi(3)}.
 */
public final class NapiSettings {
    private static final int BUSY_POLL_TO = 0;
    private static final int PREFER_BUSY_POLL = 4;
    private static final int OPCODE = 5;
    private static final int OP_PARAM = 8;
    private static final int SIZE = 16;

    private final ByteBuffer memory = Memory.allocate(SIZE, Long.BYTES);

    private NapiSettings(final int opcode, final int parameter) {
        memory.put(OPCODE, (byte) opcode);
        memory.putInt(OP_PARAM, parameter);
    }

    /**
     * New settings: no polling, the kernel keeps the list of devices.
     *
     * @return settings to change and to register
     */
    public static NapiSettings of() {
        return new NapiSettings(IO_URING_NAPI_REGISTER_OP, 0);
    }

    /**
     * Adds a device to the list of a ring that is registered with {@code IO_URING_NAPI_TRACKING_STATIC}. Registering
     * it answers -EEXIST for one that is on the list, -EINVAL for one that cannot be. Since Linux 6.13.
     *
     * @param napiId what {@code getsockopt(2)} answers for {@code SO_INCOMING_NAPI_ID}
     * @return settings to register
     */
    public static NapiSettings addId(final int napiId) {
        return new NapiSettings(IO_URING_NAPI_STATIC_ADD_ID, napiId);
    }

    /**
     * Takes a device off that list. Registering it answers -ENOENT for one that is not on it. Since Linux 6.13.
     *
     * @param napiId as in {@link #addId}
     * @return settings to register
     */
    public static NapiSettings deleteId(final int napiId) {
        return new NapiSettings(IO_URING_NAPI_STATIC_DEL_ID, napiId);
    }

    ByteBuffer memory() {
        return memory;
    }

    /**
     * Sets how long a wait polls before it sleeps.
     *
     * @param micros microseconds
     * @return this
     */
    public NapiSettings busyPollMicros(final int micros) {
        memory.putInt(BUSY_POLL_TO, micros);
        return this;
    }

    /**
     * Sets whether polling goes before interrupts.
     *
     * @param prefer true for polling
     * @return this
     */
    public NapiSettings preferBusyPoll(final boolean prefer) {
        memory.put(PREFER_BUSY_POLL, (byte) (prefer ? 1 : 0));
        return this;
    }

    /**
     * Sets who keeps the list of devices to poll. Since Linux 6.13.
     *
     * @param tracking {@code IO_URING_NAPI_TRACKING_DYNAMIC} or {@code IO_URING_NAPI_TRACKING_STATIC}
     * @return this
     */
    public NapiSettings tracking(final int tracking) {
        memory.putInt(OP_PARAM, tracking);
        return this;
    }

    /**
     * How long a wait polls before it sleeps.
     *
     * @return microseconds
     */
    public int busyPollMicros() {
        return memory.getInt(BUSY_POLL_TO);
    }

    /**
     * Whether polling goes before interrupts.
     *
     * @return true for polling
     */
    public boolean preferBusyPoll() {
        return memory.get(PREFER_BUSY_POLL) != 0;
    }

    /**
     * Who keeps the list of devices to poll.
     *
     * @return an {@code IO_URING_NAPI_TRACKING_} constant; {@code IO_URING_NAPI_TRACKING_INACTIVE} for what held
     *     before the first registration (since Linux 6.13)
     */
    public int tracking() {
        return memory.getInt(OP_PARAM);
    }

    @Override
    public String toString() {
        return "NapiSettings[" + busyPollMicros() + " us, " + (preferBusyPoll() ? "preferred" : "not preferred")
                + ", tracking " + tracking() + ']';
    }
}
