package dev.ringflow.uring.driver;

import dev.ringflow.spi.DatagramHead;
import dev.ringflow.spi.DriverCounters;
import dev.ringflow.spi.Operation;
import dev.ringflow.uring.Memory;
import dev.ringflow.uring.Sqe;
import dev.ringflow.uring.UringConstants;
import dev.ringflow.uring.internal.LibC;
import dev.ringflow.uring.struct.Msghdr;
import dev.ringflow.uring.struct.RecvmsgOut;
import java.nio.ByteBuffer;

/**
 * Datagrams into provided buffers, one after the other. No kernel without a receive that goes on is asked to pick a
 * buffer for a message, at which one (5.10) has crashed.
 */
final class DatagramMultishotPreparation extends PickingPreparation {
    DatagramMultishotPreparation(ScratchMemory scratch) {
        super(scratch, 0);
    }

    private static final class PolledMessage extends Polled {
        final ByteBuffer message;

        PolledMessage(ByteBuffer message) {
            this.message = message;
        }
    }

    @Override
    int before(Operation operation, DriverCounters counters) {
        if (isPicked(operation)) {
            if (operation.driverState() == null) {
                operation.driverState(new PolledMessage(scratch().take(ScratchMemory.SIZE)));
            }
        } else if (operation.provided() instanceof KernelBuffers group) {
            ByteBuffer layout = DatagramPreparation.socket(operation).layout();
            if (group.bufferSize() <= RecvmsgOut.payload(0, layout, 0)) {
                throw new IllegalArgumentException("A buffer of " + group.bufferSize() + " bytes has no room for a"
                        + " datagram: its head takes " + RecvmsgOut.payload(0, layout, 0) + " bytes here");
            }
        } else {
            throw new IllegalArgumentException(operation.opCode() + " needs a group of buffers");
        }
        return 0;
    }

    @Override
    void fill(Sqe sqe, Operation operation) {
        if (operation.provided() instanceof KernelBuffers group) {
            group.publishNow(); // an entry for an empty group fails at once
            sqe.prepRecvmsgMultishot(
                    fd(operation),
                    Memory.address(DatagramPreparation.socket(operation).layout()),
                    0);
            sqe.addFlags(UringConstants.IOSQE_BUFFER_SELECT);
            sqe.setBufGroup(group.group());
        } else {
            sqe.prepPollAdd(fd(operation), UringConstants.POLLIN);
        }
    }

    @Override
    int receive(Operation operation, Polled polled, long memory, int length) {
        ByteBuffer message = ((PolledMessage) polled).message;
        boolean control = DatagramPreparation.socket(operation).wantsControl();
        DatagramMessage.toReceive(message, memory, length, control);
        long bytes = LibC.recvmsg(fd(operation), Memory.address(message), UringConstants.MSG_DONTWAIT);
        if (bytes >= 0) {
            DatagramHead head = new DatagramHead();
            DatagramMessage.received(message, (int) bytes, head);
            operation.resultObject(head);
        }
        return (int) bytes;
    }

    @Override
    boolean repeats(Operation operation, int result) {
        return result >= 0 && operation.driverState() instanceof Polled;
    }

    /** Reads what the kernel has put before the payload. */
    @Override
    int inBuffer(Operation operation, ByteBuffer buffer, int result) {
        ByteBuffer layout = DatagramPreparation.socket(operation).layout();
        buffer.clear();
        DatagramHead head = new DatagramHead();
        operation.resultObject(head);
        if (!RecvmsgOut.validate(buffer, 0, result, layout, 0)) {
            head.payload(0, 0, true); // not even its head is there
            return 0;
        }
        int payload = RecvmsgOut.payloadLength(0, result, layout, 0);
        boolean cut = (RecvmsgOut.flags(buffer, 0) & UringConstants.MSG_TRUNC) != 0;
        head.payload(RecvmsgOut.payload(0, layout, 0), payload, cut);
        DatagramMessage.sender(buffer, RecvmsgOut.name(0), RecvmsgOut.nameLength(buffer, 0, layout, 0), head);
        DatagramMessage.details(
                buffer, RecvmsgOut.control(0, layout, 0), RecvmsgOut.controlLength(buffer, 0, layout, 0), head);
        return payload;
    }

    @Override
    void release(Operation operation) {
        if (operation.driverState() instanceof PolledMessage polled) {
            scratch().giveBack(polled.message);
        }
        super.release(operation);
    }

    /** What the kernel is told once about the room for names and control messages. */
    static ByteBuffer layout(boolean inet, boolean control) {
        ByteBuffer layout = Memory.allocate(Msghdr.SIZE, Long.BYTES);
        Msghdr.clear(layout, 0);
        Msghdr.setName(layout, 0, 0, inet ? DatagramMessage.INET_NAME_ROOM : DatagramMessage.NAME_ROOM);
        Msghdr.setControl(layout, 0, 0, control ? DatagramMessage.BUFFER_CONTROL_ROOM : 0);
        return layout;
    }
}
