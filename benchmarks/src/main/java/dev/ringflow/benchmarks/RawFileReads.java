package dev.ringflow.benchmarks;

import static dev.ringflow.uring.UringConstants.AT_FDCWD;
import static dev.ringflow.uring.UringConstants.IOSQE_FIXED_FILE;
import static dev.ringflow.uring.UringConstants.O_CLOEXEC;
import static dev.ringflow.uring.UringConstants.O_DIRECT;
import static dev.ringflow.uring.UringConstants.O_RDONLY;

import dev.ringflow.uring.Cqe;
import dev.ringflow.uring.CqeHandler;
import dev.ringflow.uring.Errno;
import dev.ringflow.uring.Memory;
import dev.ringflow.uring.Sqe;
import dev.ringflow.uring.Uring;
import dev.ringflow.uring.UringException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Objects;

/**
 * The raw ring: one call submits what is due and waits for one completion. Past the page cache a few are submitted as soon
 * as they are prepared, as fio does with every single one: the device need not wait for the rest.
 */
final class RawFileReads implements FileSide {
    private static final int EARLY = 4;

    private final ReadPlan plan;
    private final Uring ring;
    private final ByteBuffer memory;
    private final long address;
    private final int fd;
    private final long[] asked;
    private final int[] idle;
    private final ReadPlan.Positions positions;
    private final CqeHandler handler = this::completed;
    private boolean verifying = true;
    private int idleCount;
    private long done;
    private long wrong;

    RawFileReads(final ReadPlan plan) throws IOException {
        this.plan = plan;
        ring = openRing(plan.depth());
        memory = Memory.allocate(plan.depth() * ReadPlan.BLOCK, ReadPlan.BLOCK);
        address = Memory.address(memory);
        asked = new long[plan.depth()];
        idle = new int[plan.depth()];
        positions = plan.positions();
        fd = open();
        if (plan.registered()) {
            check("registering buffers", ring.registerBuffers(memory));
            check("registering the file", ring.registerFiles(fd));
        }
        for (int slot = 0; slot < plan.depth(); slot++) {
            idle[idleCount++] = slot;
        }
    }

    private static Uring openRing(final int depth) throws UringException {
        return Uring.open(depth);
    }

    private int open() throws IOException {
        final byte[] name = (plan.file() + "\0").getBytes(StandardCharsets.UTF_8);
        final ByteBuffer path = Memory.allocate(name.length, 1).put(0, name);
        final int flags = O_RDONLY | O_CLOEXEC | (plan.direct() ? O_DIRECT : 0);
        entry().prepOpenat(AT_FDCWD, Memory.address(path), flags, 0);
        return check("opening " + plan.file(), one());
    }

    private Sqe entry() {
        return Objects.requireNonNull(ring.getSqe(), "the queue holds as many as are in flight");
    }

    private int one() {
        ring.submitAndWait(1);
        final Cqe cqe = Objects.requireNonNull(ring.peekCqe());
        final int result = cqe.res();
        ring.cqeSeen(cqe);
        return result;
    }

    private static int check(final String what, final int result) throws IOException {
        if (result < 0) {
            throw new IOException(what + ": " + Errno.name(result) + ". " + Errno.meaning(result));
        }
        return result;
    }

    @Override
    public boolean isOurs() {
        return true;
    }

    @Override
    public String name() {
        return "raw ring (Uring)" + (plan.registered() ? ", registered" : "");
    }

    private void completed(final long userData, final int result, final int flags) {
        final int slot = (int) userData;
        if (result != ReadPlan.BLOCK
                || verifying && !ReadPlan.isRight(memory.slice(slot * ReadPlan.BLOCK, ReadPlan.BLOCK), asked[slot])) {
            wrong++;
        }
        idle[idleCount++] = slot;
        done++;
    }

    private void read(final int slot) {
        final Sqe sqe = entry();
        final long target = address + (long) slot * ReadPlan.BLOCK;
        final long position = positions.next();
        asked[slot] = position;
        if (plan.registered()) {
            sqe.prepReadFixed(0, target, ReadPlan.BLOCK, position, 0);
            sqe.setFlags(IOSQE_FIXED_FILE);
        } else {
            sqe.prepRead(fd, target, ReadPlan.BLOCK, position);
        }
        sqe.setData64(slot);
    }

    @Override
    public FileCost measure(final int millis) {
        done = 0;
        final long calls = ring.enterCalls();
        final Meter meter = new Meter();
        final long end = System.nanoTime() + millis * 1_000_000L;
        while (System.nanoTime() < end) {
            while (idleCount > 0) {
                read(idle[--idleCount]);
                if (plan.direct() && ring.sqReady() >= EARLY) {
                    ring.submit();
                }
            }
            ring.submitAndWait(1);
            ring.forEachCqe(handler);
        }
        while (idleCount < plan.depth()) {
            ring.submitAndWait(1);
            ring.forEachCqe(handler);
        }
        final FileCost cost = meter.end(done, ring.enterCalls() - calls);
        verifying = false;
        if (wrong != 0) {
            throw new IllegalStateException(wrong + " reads of " + name() + " are wrong");
        }
        return cost;
    }

    @Override
    public void close() {
        entry().prepClose(fd);
        one();
        ring.close();
    }
}
