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
 * @param directDescriptors whether the ring has a table of files whose slots the kernel chooses (since Linux 5.19, which
 *     brought {@code IORING_OP_SOCKET} as well; the flags themselves cannot be asked for)
 * @param installDescriptor whether a direct descriptor becomes an ordinary one (since Linux 6.8)
 * @param renaming whether the ring renames and removes names (since Linux 5.11)
 * @param linking whether the ring makes directories and links (since Linux 5.15)
 * @param attributes whether the ring reads and sets extended attributes (since Linux 5.19)
 * @param multishotAccept whether one accept goes on (since Linux 5.19, which brought {@code IORING_OP_SOCKET} as well;
 *     the flag itself cannot be asked for)
 */
record KernelSupport(
        boolean ftruncate,
        boolean pipe,
        boolean shutdown,
        boolean multishotAccept,
        boolean directDescriptors,
        boolean installDescriptor,
        boolean renaming,
        boolean linking,
        boolean attributes) {
    static KernelSupport of(Uring ring) {
        Probe probe = ring.getProbe();
        return new KernelSupport(
                has(probe, UringConstants.IORING_OP_FTRUNCATE),
                has(probe, UringConstants.IORING_OP_PIPE),
                has(probe, UringConstants.IORING_OP_SHUTDOWN),
                has(probe, UringConstants.IORING_OP_SOCKET),
                has(probe, UringConstants.IORING_OP_SOCKET),
                has(probe, UringConstants.IORING_OP_FIXED_FD_INSTALL),
                has(probe, UringConstants.IORING_OP_RENAMEAT),
                has(probe, UringConstants.IORING_OP_LINKAT),
                has(probe, UringConstants.IORING_OP_GETXATTR));
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
                .operations(Support.HELPER_THREAD, OpCode.NEXT_DATA, OpCode.NEXT_HOLE)
                .operations(ftruncate ? Support.NATIVE : Support.HELPER_THREAD, OpCode.TRUNCATE)
                .operations(pipe ? Support.NATIVE : Support.ALTERNATIVE, OpCode.PIPE)
                .operations(shutdown ? Support.NATIVE : Support.ALTERNATIVE, OpCode.SHUTDOWN)
                .operations(multishotAccept ? Support.NATIVE : Support.ALTERNATIVE, OpCode.ACCEPT_MULTISHOT)
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
