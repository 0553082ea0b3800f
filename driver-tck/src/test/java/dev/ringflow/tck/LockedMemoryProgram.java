package dev.ringflow.tck;

import dev.ringflow.Ring;
import dev.ringflow.RingOptions;
import dev.ringflow.RingUnavailableException;
import dev.ringflow.buffer.BufferPool;
import dev.ringflow.buffer.BufferPoolOptions;
import dev.ringflow.buffer.RingBuffer;
import dev.ringflow.file.RingFile;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/**
 * A program of its own, for a process that may lock little memory: uses the buffers of a pool of 16 slabs of 1 MiB, and
 * says how many slabs were registered.
 */
final class LockedMemoryProgram {
    private LockedMemoryProgram() {}

    public static void main(String[] arguments) throws Exception {
        try (Ring ring = Ring.open(
                        RingOptions.builder().driver("uring").entries(8).build());
                BufferPool pool = ring.bufferPool(
                        BufferPoolOptions.builder().initialSlabs(1).maxSlabs(16).build())) {
            if (!ring.capabilities().registeredBuffers()) {
                System.out.println("no registration");
                return;
            }
            List<RingBuffer> leases = new ArrayList<>();
            for (int i = 0; i < 16 * 256; i++) {
                leases.add(pool.acquire());
            }
            DriverContract.onLoop(ring, () -> null);
            System.out.println("slabs " + pool.statistics().slabs() + " registered "
                    + pool.statistics().registeredSlabs());
            long before = pool.statistics().fallbacks();
            System.out.println("moved " + throughAFile(ring, leases));
            leases.forEach(RingBuffer::close);
            for (int i = 0; i < 16 * 256; i++) {
                leases.set(i, pool.acquire());
            }
            System.out.println("fallbacks " + (pool.statistics().fallbacks() - before));
            leases.forEach(RingBuffer::close);
            System.out.println(pool.statistics());
        } catch (RingUnavailableException e) {
            System.out.println("no ring");
        }
    }

    /** One buffer of each slab goes to a file and comes back; answers how many were right. */
    private static int throughAFile(Ring ring, List<RingBuffer> leases) throws Exception {
        Path path = Path.of(
                System.getProperty("java.io.tmpdir"),
                "ringflow-locked-memory-" + ProcessHandle.current().pid());
        int right = 0;
        try (RingFile file = DriverContract.await(ring.openFileAsync(
                path, StandardOpenOption.READ, StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW))) {
            for (int i = 0; i < leases.size(); i += 256) {
                RingBuffer lease = leases.get(i);
                ByteBuffer bytes = lease.byteBuffer();
                Bytes.fill(bytes, (byte) (i >> 8));
                DriverContract.await(file.writeFullyAsync(lease, i * 4096L));
                Bytes.fill(bytes, (byte) 0xFF);
                bytes.clear();
                DriverContract.await(file.readFullyAsync(lease, i * 4096L));
                right += bytes.get(0) == (byte) (i >> 8) && bytes.get(4095) == (byte) (i >> 8) ? 1 : 0;
            }
        } finally {
            Files.deleteIfExists(path);
        }
        return right;
    }
}
