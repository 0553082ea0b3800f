package dev.ringflow.tck;

import dev.ringflow.Capabilities;
import dev.ringflow.DriverAvailability;
import dev.ringflow.Ring;
import dev.ringflow.RingOptions;
import dev.ringflow.Support;
import dev.ringflow.spi.OpCode;
import dev.ringflow.uring.ConstantNames;
import dev.ringflow.uring.Probe;
import dev.ringflow.uring.Uring;
import dev.ringflow.uring.UringConstants;
import dev.ringflow.uring.UringParams;
import dev.ringflow.uring.internal.LibC;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.function.IntPredicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import jnr.ffi.Pointer;
import jnr.ffi.Runtime;

/** A program for {@code ./ringflow kernels}: prints what io_uring and the driver offer here, as properties. */
final class KernelFacts {
    private static final int ENTRIES = 8;
    private static final int PARAMS_SIZE = 120;
    private static final int CQ_ENTRIES = 4;
    private static final int FLAGS = 8;
    private static final int SQ_THREAD_IDLE = 16;
    private static final int WQ_FD = 24;
    private static final int SQ_USER_ADDR = 72;
    private static final int CQ_USER_ADDR = 112;
    private static final long PAGE = 4096;

    private KernelFacts() {}

    public static void main(String[] arguments) throws IOException {
        System.out.println("release=" + System.getProperty("os.version"));
        System.out.println("version="
                + Files.readString(Path.of("/proc/sys/kernel/version")).strip());
        System.out.println("java=" + System.getProperty("java.version"));
        DriverAvailability found = Ring.drivers().stream()
                .filter(each -> each.driver().equals("uring"))
                .findFirst()
                .orElseThrow();
        System.out.println("reason=" + found.reason());
        if (!found.isUsable()) {
            System.out.println("explanation=" + found.explanation());
            return;
        }
        try (Uring ring = Uring.open(UringParams.of(ENTRIES))) {
            System.out.println(
                    "features=" + words(ConstantNames.features(ring.params().features())));
            System.out.println(
                    "chosen=" + words(ConstantNames.setupFlags(ring.params().flags())));
            System.out.println("setup=" + setupFlags());
            Probe probe = ring.getProbe();
            System.out.println("opcodes=" + opcodes(probe::opcodeSupported));
            System.out.println("missing=" + opcodes(opcode -> !probe.opcodeSupported(opcode)));
        }
        try (Ring ring = Ring.open(RingOptions.builder().driver("uring").build())) {
            System.out.println("alternative=" + operations(ring.capabilities(), Support.ALTERNATIVE));
            System.out.println("helper=" + operations(ring.capabilities(), Support.HELPER_THREAD));
            System.out.println("none=" + operations(ring.capabilities(), Support.NONE));
        }
    }

    private static String words(String joined) {
        return joined.equals("0") ? "" : joined.replace('|', ' ');
    }

    private static String opcodes(IntPredicate wanted) {
        return IntStream.range(0, ConstantNames.opcodeCount())
                .filter(wanted)
                .mapToObj(ConstantNames::opcode)
                .collect(Collectors.joining(" "));
    }

    private static String operations(Capabilities capabilities, Support support) {
        return Arrays.stream(OpCode.values())
                .filter(each -> capabilities.support(each) == support)
                .map(OpCode::name)
                .collect(Collectors.joining(" "));
    }

    /** The flags with which a ring is really given, each tried together with those that it needs. */
    private static String setupFlags() {
        return IntStream.range(0, Integer.SIZE)
                .map(bit -> 1 << bit)
                .filter(flag -> !ConstantNames.setupFlags(flag).startsWith("1<<"))
                .filter(flag -> isGranted(flag))
                .mapToObj(ConstantNames::setupFlags)
                .collect(Collectors.joining(" "));
    }

    private static boolean isGranted(int flag) {
        ByteBuffer params = ByteBuffer.allocateDirect(PARAMS_SIZE).order(ByteOrder.nativeOrder());
        params.putInt(CQ_ENTRIES, 4 * ENTRIES);
        params.putInt(SQ_THREAD_IDLE, 1);
        params.putInt(FLAGS, flag | companions(flag));
        if (flag == UringConstants.IORING_SETUP_ATTACH_WQ) {
            params.putInt(WQ_FD, LibC.ioUringSetup(ENTRIES, address(ByteBuffer.allocateDirect(PARAMS_SIZE))));
        }
        long memory = LibC.mmap(0, 2 * PAGE, 3, 0x22, -1, 0); // for flags by which the rings lie in memory of ours
        params.putLong(SQ_USER_ADDR, needsMemory(flag) ? memory : 0);
        params.putLong(CQ_USER_ADDR, needsMemory(flag) ? memory + PAGE : 0);
        int fd = LibC.ioUringSetup(ENTRIES, address(params));
        if (fd >= 0 && flag != UringConstants.IORING_SETUP_REGISTERED_FD_ONLY) { // that is no descriptor
            LibC.close(fd);
        }
        return fd >= 0;
    }

    private static long address(ByteBuffer memory) {
        return Pointer.wrap(Runtime.getSystemRuntime(), memory).address();
    }

    private static boolean needsMemory(int flag) {
        return flag == UringConstants.IORING_SETUP_NO_MMAP || flag == UringConstants.IORING_SETUP_REGISTERED_FD_ONLY;
    }

    private static int companions(int flag) {
        return switch (flag) {
            case UringConstants.IORING_SETUP_SQ_AFF -> UringConstants.IORING_SETUP_SQPOLL;
            case UringConstants.IORING_SETUP_TASKRUN_FLAG -> UringConstants.IORING_SETUP_COOP_TASKRUN;
            case UringConstants.IORING_SETUP_DEFER_TASKRUN -> UringConstants.IORING_SETUP_SINGLE_ISSUER;
            case UringConstants.IORING_SETUP_REGISTERED_FD_ONLY -> UringConstants.IORING_SETUP_NO_MMAP;
            case UringConstants.IORING_SETUP_HYBRID_IOPOLL -> UringConstants.IORING_SETUP_IOPOLL;
            case UringConstants.IORING_SETUP_SQ_REWIND -> UringConstants.IORING_SETUP_NO_SQARRAY;
            default -> 0;
        };
    }
}
