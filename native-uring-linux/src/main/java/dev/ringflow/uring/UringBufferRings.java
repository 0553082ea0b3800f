package dev.ringflow.uring;

import static dev.ringflow.uring.UringConstants.IORING_REGISTER_PBUF_RING;
import static dev.ringflow.uring.UringConstants.IORING_REGISTER_PBUF_STATUS;
import static dev.ringflow.uring.UringConstants.IORING_UNREGISTER_PBUF_RING;

import java.nio.ByteBuffer;

/** Rings of provided buffers, as the kernel knows them. {@link BufferRing} is what keeps their books. */
public abstract class UringBufferRings extends UringBuffers {
    /** {@code struct io_uring_buf_reg}: ring_addr, ring_entries, bgid, flags, resv. */
    static final int BUF_REG_SIZE = 40;

    /** {@code struct io_uring_buf_status}: buf_group, head, resv. */
    static final int BUF_STATUS_SIZE = 40;

    UringBufferRings() {}

    /**
     * {@code io_uring_register_buf_ring(3)}: registers a ring of provided buffers. Since Linux 5.19.
     *
     * @param ringAddress memory for {@code entries} {@link dev.ringflow.uring.struct.BufferRingEntry}, aligned to a page;
     *     delicate: the kernel's until it is unregistered; 0 with {@code IOU_PBUF_RING_MMAP}
     * @param entries a power of two, at most 32768
     * @param bgid the group, 0 to 65535
     * @param flags {@code IOU_PBUF_RING_} flags
     * @return 0; -EINVAL also on older kernels, -EEXIST when the group has buffers already, -EFAULT
     */
    public final int registerBufRing(final long ringAddress, final int entries, final int bgid, final int flags) {
        final ByteBuffer registration = bufReg(bgid);
        registration.putLong(0, ringAddress);
        registration.putInt(8, entries);
        registration.putShort(14, (short) flags);
        return register(IORING_REGISTER_PBUF_RING, registration, 1);
    }

    /**
     * {@code io_uring_unregister_buf_ring(3)}. Since Linux 5.19.
     *
     * @param bgid the group
     * @return 0; -ENOENT or -EINVAL when the group has no ring
     */
    public final int unregisterBufRing(final int bgid) {
        return register(IORING_UNREGISTER_PBUF_RING, bufReg(bgid), 1);
    }

    /**
     * {@code io_uring_buf_ring_head(3)}: the entry that the kernel will use next. Since Linux 6.8.
     *
     * @param bgid the group
     * @return the index, 0 to 65535, or the negated errno: -ENOENT when there is no such group, -EINVAL also on older
     *     kernels
     */
    public final int bufRingHead(final int bgid) {
        final ByteBuffer status = Memory.allocate(BUF_STATUS_SIZE, Long.BYTES);
        status.putInt(0, bgid);
        final int result = register(IORING_REGISTER_PBUF_STATUS, status, 1);
        return result < 0 ? result : status.getInt(4) & 0xFFFF;
    }

    private static ByteBuffer bufReg(final int bgid) {
        final ByteBuffer registration = Memory.allocate(BUF_REG_SIZE, Long.BYTES);
        return registration.putShort(12, (short) bgid);
    }
}
