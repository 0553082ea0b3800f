package dev.ringflow.windows.ioring;

import dev.ringflow.windows.Simulators;
import dev.ringflow.windows.internal.DirectMemory;
import dev.ringflow.windows.internal.IoRingCalls;
import dev.ringflow.windows.internal.IoRingX64Calls;
import dev.ringflow.windows.internal.Libraries;
import java.nio.ByteBuffer;

/** A process that does with a ring what {@link IoRing} lets nobody do, and does not survive it. */
final class Misuse {
    private Misuse() {}

    public static void main(final String[] arguments) {
        final String library = Simulators.path("simioring");
        final IoRingCalls calls = Libraries.load(IoRingCalls.class, library);
        final ByteBuffer memory = DirectMemory.allocate(64, 16);
        final long address = DirectMemory.address(memory);
        calls.CreateIoRing(IoRingConstants.IORING_VERSION_3, 0, 4, 0, address);
        final long ring = memory.getLong(0);
        System.out.println("a ring is open");
        System.out.flush();
        if (arguments[0].equals("closed")) {
            calls.CloseIoRing(ring);
            calls.PopIoRingCompletion(ring, address);
        } else {
            Libraries.load(IoRingX64Calls.class, library)
                    .BuildIoRingReadFile(ring, address + 8, address + 32, 8, 0, 1, 0);
        }
        System.out.println("it went through");
        System.out.flush();
        Runtime.getRuntime().halt(0);
    }
}
