package dev.ringflow.uring.driver;

import dev.ringflow.Capabilities;
import dev.ringflow.Support;
import dev.ringflow.spi.OpCode;
import dev.ringflow.uring.Probe;
import dev.ringflow.uring.Uring;
import dev.ringflow.uring.UringConstants;

/**
 * Which forms this kernel has, by its own word and never by its version.
 *
 * @param ftruncate whether the ring truncates (since Linux 6.9)
 * @param pipe whether the ring opens pipes (since Linux 6.16)
 * @param shutdown whether the ring shuts sockets down (since Linux 5.11)
 * @param futex whether the ring waits for words of memory (since Linux 6.7)
 * @param waitid whether the ring waits for children (since Linux 6.7)
 * @param directDescriptors whether the ring has a table of files whose slots the kernel chooses (since Linux 5.19, which
 *     brought {@code IORING_OP_SOCKET} as well; the flags themselves cannot be asked for)
 * @param installDescriptor whether a direct descriptor becomes an ordinary one (since Linux 6.8)
 * @param renaming whether the ring renames and removes names (since Linux 5.11)
 * @param linking whether the ring makes directories and links (since Linux 5.15)
 * @param attributes whether the ring reads and sets extended attributes (since Linux 5.19)
 * @param multishotAccept whether one accept goes on (since Linux 5.19, which brought {@code IORING_OP_SOCKET} as well;
 *     the flag itself cannot be asked for)
 * @param multishotReceive whether one receive goes on, into buffers of a ring. The kernel has it since Linux 6.0, but 6.1
 *     was seen to fill a buffer that the application held; it is trusted from 6.10 on, which brought bundles
 * @param zeroCopySend whether the ring sends without copying (since Linux 6.0)
 */
record KernelSupport(
        boolean ftruncate,
        boolean pipe,
        boolean shutdown,
        boolean multishotAccept,
        boolean futex,
        boolean waitid,
        boolean directDescriptors,
        boolean installDescriptor,
        boolean renaming,
        boolean linking,
        boolean attributes,
        boolean multishotReceive,
        boolean zeroCopySend) {
    static KernelSupport of(Uring ring) {
        Probe probe = ring.getProbe();
        return new KernelSupport(
                has(probe, UringConstants.IORING_OP_FTRUNCATE),
                has(probe, UringConstants.IORING_OP_PIPE),
                has(probe, UringConstants.IORING_OP_SHUTDOWN),
                has(probe, UringConstants.IORING_OP_SOCKET),
                has(probe, UringConstants.IORING_OP_FUTEX_WAIT),
                has(probe, UringConstants.IORING_OP_WAITID),
                has(probe, UringConstants.IORING_OP_SOCKET),
                has(probe, UringConstants.IORING_OP_FIXED_FD_INSTALL),
                has(probe, UringConstants.IORING_OP_RENAMEAT),
                has(probe, UringConstants.IORING_OP_LINKAT),
                has(probe, UringConstants.IORING_OP_GETXATTR),
                (ring.features() & UringConstants.IORING_FEAT_RECVSEND_BUNDLE) != 0,
                has(probe, UringConstants.IORING_OP_SEND_ZC));
    }

    /** Whether the ring sets options of sockets: since Linux 6.7, as futexes; commands for sockets cannot be asked for. */
    boolean socketOptions() {
        return futex;
    }

    private static boolean has(@org.jspecify.annotations.Nullable Probe probe, int opcode) {
        return probe != null && probe.opcodeSupported(opcode);
    }

    private static Support orHelper(boolean has) {
        return has ? Support.NATIVE : Support.HELPER_THREAD;
    }

    Capabilities capabilities(Uring ring) {
        return Capabilities.builder(UringDriverProvider.NAME)
                .operations(
                        Support.NATIVE,
                        OpCode.NOP,
                        OpCode.CHAIN,
                        OpCode.PARK,
                        OpCode.OPEN,
                        OpCode.OPEN_RESTRICTED,
                        OpCode.STAT_PATH,
                        OpCode.CLOSE,
                        OpCode.READ,
                        OpCode.WRITE,
                        OpCode.SYNC,
                        OpCode.STAT,
                        OpCode.READ_VECTORED,
                        OpCode.WRITE_VECTORED,
                        OpCode.APPEND,
                        OpCode.SYNC_RANGE,
                        OpCode.ALLOCATE,
                        OpCode.PUNCH_HOLE,
                        OpCode.ADVISE,
                        OpCode.SPLICE_IN,
                        OpCode.SPLICE_OUT,
                        OpCode.CONNECT,
                        OpCode.ACCEPT,
                        OpCode.RECEIVE,
                        OpCode.SEND)
                .operations(Support.ALTERNATIVE, OpCode.LISTEN)
                .operations(Support.NATIVE, OpCode.SEND_DESCRIPTORS, OpCode.RECEIVE_DESCRIPTORS)
                .operations(
                        socketOptions() ? Support.NATIVE : Support.ALTERNATIVE, OpCode.GET_OPTION, OpCode.SET_OPTION)
                .operations(Support.NATIVE, OpCode.POLL)
                // a multishot poll came in Linux 5.13, a multishot timeout in 6.4, and neither can be asked for
                .operations(linking ? Support.NATIVE : Support.ALTERNATIVE, OpCode.POLL_MULTISHOT)
                .operations(futex ? Support.NATIVE : Support.ALTERNATIVE, OpCode.TICKS, OpCode.FUTEX_WAKE)
                .operations(futex ? Support.NATIVE : Support.NONE, OpCode.FUTEX_WAIT)
                .operations(waitid ? Support.NATIVE : Support.ALTERNATIVE, OpCode.WAIT_CHILD)
                .operations(Support.NATIVE, OpCode.RECEIVE_DATAGRAM, OpCode.SEND_DATAGRAM)
                .operations(
                        Support.ALTERNATIVE,
                        OpCode.BIND,
                        OpCode.CONNECT_DATAGRAM,
                        OpCode.JOIN_GROUP,
                        OpCode.LEAVE_GROUP)
                .operations(Support.ALTERNATIVE, OpCode.OPEN_PACKET_SOCKET, OpCode.PACKET_OVERRUNS)
                .operations(Support.NATIVE, OpCode.SEND_PACKET)
                // 5.10's ring refuses packet sockets, newer ones do not; a socket to ask with needs a privilege
                .operations(shutdown ? Support.NATIVE : Support.ALTERNATIVE, OpCode.RECEIVE_PACKET)
                .operations(multishotReceive ? Support.NATIVE : Support.NONE, OpCode.RECEIVE_PACKETS)
                .operations(Support.HELPER_THREAD, OpCode.NEXT_DATA, OpCode.NEXT_HOLE)
                .operations(ftruncate ? Support.NATIVE : Support.HELPER_THREAD, OpCode.TRUNCATE)
                .operations(Support.NATIVE, OpCode.SEND_VECTORED)
                .operations(zeroCopySend ? Support.NATIVE : Support.NONE, OpCode.SEND_ZERO_COPY)
                .operations(pipe ? Support.NATIVE : Support.ALTERNATIVE, OpCode.PIPE)
                .operations(shutdown ? Support.NATIVE : Support.ALTERNATIVE, OpCode.SHUTDOWN)
                .operations(multishotAccept ? Support.NATIVE : Support.ALTERNATIVE, OpCode.ACCEPT_MULTISHOT)
                .operations(multishotReceive ? Support.NATIVE : Support.ALTERNATIVE, OpCode.RECEIVE_DATAGRAM_MULTISHOT)
                .operations(multishotReceive ? Support.NATIVE : Support.ALTERNATIVE, OpCode.RECEIVE_MULTISHOT)
                .operations(directDescriptors ? Support.NATIVE : Support.NONE, OpCode.OPEN_DIRECT)
                .operations(
                        directDescriptors && installDescriptor ? Support.NATIVE : Support.NONE,
                        OpCode.INSTALL_DESCRIPTOR)
                .operations(orHelper(renaming), OpCode.RENAME, OpCode.EXCHANGE, OpCode.DELETE)
                .operations(orHelper(linking), OpCode.CREATE_DIRECTORY, OpCode.CREATE_SYMBOLIC_LINK, OpCode.CREATE_LINK)
                .operations(orHelper(attributes), OpCode.GET_ATTRIBUTE, OpCode.SET_ATTRIBUTE)
                .operations(Support.HELPER_THREAD, OpCode.REMOVE_ATTRIBUTE, OpCode.LIST_ATTRIBUTES)
                .registeredBuffers(RegisteredBuffers.arePossible(ring))
                .mirroredMemory(true)
                .cancellation(true)
                .detail("kernel", System.getProperty("os.version", ""))
                .detail("ring", ring.params().toString())
                .build();
    }
}
