package dev.ringflow.windows.driver;

import com.kenai.jffi.MemoryIO;
import dev.ringflow.RingException;
import dev.ringflow.spi.MirroredMemory;
import dev.ringflow.windows.internal.DirectMemory;
import dev.ringflow.windows.internal.Kernel32;
import dev.ringflow.windows.internal.KernelBase;
import dev.ringflow.windows.iocp.WinsockError;
import dev.ringflow.windows.ioring.HResult;
import java.io.IOException;
import java.lang.ref.Cleaner;
import java.lang.ref.Reference;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * A section of memory that is mapped twice into placeholders, one copy of the addresses right behind the other. Windows
 * cannot put other pages there without leaving the addresses empty for a moment, in which somebody's late look would end the
 * JVM. So closing zeroes the pages and gives them back by {@code MEM_RESET}; the views are unmapped when nobody can look
 * there any more. Source: Microsoft's pages of VirtualAlloc2 and MapViewOfFile3. Safe for use by any thread.
 */
final class MirroredPages implements MirroredMemory {
    /** What placeholders are cut in, in bytes. */
    static final int UNIT = 0x1_0000;

    private static final Cleaner CLEANER = Cleaner.create();

    private final long address;
    private final int size;
    private final ByteBuffer whole;
    private boolean closed;

    private MirroredPages(long address, int size) {
        this.address = address;
        this.size = size;
        this.whole = DirectMemory.view(address, 2 * size);
        CLEANER.register(whole, () -> unmap(address, size)); // every slice holds the whole
    }

    private static final class Probed {
        static final @Nullable String FAILURE = probe();

        private static @Nullable String probe() {
            try {
                ofBytes(1).close();
                return null;
            } catch (IOException | RuntimeException e) {
                return String.valueOf(e.getMessage());
            }
        }
    }

    /** Why there are none here; null if there are. */
    static @Nullable String unavailable() {
        return Probed.FAILURE;
    }

    /** Maps zeroed pages twice. */
    static MirroredPages ofBytes(int bytes) throws IOException {
        long size = (bytes + (UNIT - 1L)) / UNIT * UNIT;
        if (bytes < 1 || 2 * size > Integer.MAX_VALUE) {
            throw new IllegalArgumentException("Mirrored memory has 1 byte to less than 1 GiB, not " + bytes);
        }
        long section = require(Kernel32.createFileMapping(size), "CreateFileMapping", size);
        try {
            return new MirroredPages(map(section, size), (int) size);
        } finally {
            Kernel32.closeHandle(section);
        }
    }

    private static long map(long section, long size) throws IOException {
        long first = require(KernelBase.reservePlaceholder(2 * size), "VirtualAlloc2", 2 * size);
        long second = first + size;
        int split = Kernel32.virtualFree(first, size, Kernel32.MEM_RELEASE | KernelBase.MEM_PRESERVE_PLACEHOLDER);
        if (split < 0) {
            Kernel32.virtualFree(first, 0, Kernel32.MEM_RELEASE);
            require(split, "VirtualFree", size);
        }
        long mapped = KernelBase.mapInPlaceholder(section, first, size);
        if (mapped < 0) {
            Kernel32.virtualFree(first, 0, Kernel32.MEM_RELEASE);
            Kernel32.virtualFree(second, 0, Kernel32.MEM_RELEASE);
            require(mapped, "MapViewOfFile3", size);
        }
        mapped = KernelBase.mapInPlaceholder(section, second, size);
        if (mapped < 0) {
            Kernel32.unmapViewOfFile(first);
            Kernel32.virtualFree(second, 0, Kernel32.MEM_RELEASE);
            require(mapped, "MapViewOfFile3", size);
        }
        return first;
    }

    private static long require(long answer, String function, long bytes) throws IOException {
        if (answer < 0) {
            int code = HResult.ofWin32((int) -answer);
            throw new RingException(
                    function + " for mirrored memory (" + bytes + " bytes)",
                    code,
                    HResult.name(code),
                    WindowsFailures.withoutDot(HResult.meaning(code)),
                    answer == -KernelBase.ERROR_CALL_NOT_IMPLEMENTED || answer == -WinsockError.ERROR_INVALID_PARAMETER
                            ? "Placeholders take Windows 10 version 1803."
                            : "Memory, the paging file or the addresses may be used up.");
        }
        return answer;
    }

    private static void unmap(long address, long size) {
        Kernel32.unmapViewOfFile(address);
        Kernel32.unmapViewOfFile(address + size);
    }

    @Override
    public int size() {
        return size;
    }

    @Override
    public ByteBuffer bytes() {
        return whole;
    }

    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        MemoryIO.getInstance().setMemory(address, size, (byte) 0);
        Kernel32.virtualAlloc(address, size, Kernel32.MEM_RESET, Kernel32.PAGE_READWRITE);
        Reference.reachabilityFence(whole); // or the addresses could be unmapped, and somebody else's
    }

    @Override
    public String toString() {
        return "MirroredPages[2 times " + size + " bytes" + (closed ? ", closed]" : "]");
    }
}
