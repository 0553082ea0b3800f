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
 * @param shutdown whether the ring shuts sockets down (since Linux 5.11)
 * @param multishotAccept whether one accept goes on (since Linux 5.19, which brought {@code IORING_OP_SOCKET} as well;
 *     the flag itself cannot be asked for)
 */
record KernelSupport(boolean ftruncate, boolean shutdown, boolean multishotAccept) {
    static KernelSupport of(Uring ring) {
        Probe probe = ring.getProbe();
        return new KernelSupport(
                has(probe, UringConstants.IORING_OP_FTRUNCATE),
                has(probe, UringConstants.IORING_OP_SHUTDOWN),
                has(probe, UringConstants.IORING_OP_SOCKET));
    }

    private static boolean has(@org.jspecify.annotations.Nullable Probe probe, int opcode) {
        return probe != null && probe.opcodeSupported(opcode);
    }

    Capabilities capabilities(Uring ring) {
        return Capabilities.builder(UringDriverProvider.NAME)
                .operations(
                        Support.NATIVE,
                        OpCode.NOP,
                        OpCode.OPEN,
                        OpCode.CLOSE,
                        OpCode.READ,
                        OpCode.WRITE,
                        OpCode.SYNC,
                        OpCode.STAT,
                        OpCode.CONNECT,
                        OpCode.ACCEPT,
                        OpCode.RECEIVE,
                        OpCode.SEND)
                .operations(Support.ALTERNATIVE, OpCode.LISTEN)
                .operations(ftruncate ? Support.NATIVE : Support.HELPER_THREAD, OpCode.TRUNCATE)
                .operations(shutdown ? Support.NATIVE : Support.ALTERNATIVE, OpCode.SHUTDOWN)
                .operations(multishotAccept ? Support.NATIVE : Support.ALTERNATIVE, OpCode.ACCEPT_MULTISHOT)
                .registeredBuffers(true)
                .cancellation(true)
                .detail("kernel", System.getProperty("os.version", ""))
                .detail("ring", ring.params().toString())
                .build();
    }
}
