package dev.ringflow.uring;

import static dev.ringflow.uring.UringConstants.AT_FDCWD;
import static dev.ringflow.uring.UringConstants.IOSQE_ASYNC;
import static dev.ringflow.uring.UringConstants.IOSQE_FIXED_FILE;
import static dev.ringflow.uring.UringConstants.IOSQE_IO_HARDLINK;
import static dev.ringflow.uring.UringConstants.IOSQE_IO_LINK;
import static dev.ringflow.uring.UringConstants.O_CLOEXEC;
import static dev.ringflow.uring.UringConstants.O_RDWR;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ringflow.uring.struct.Iovec;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** A file that is read and written at many places at once. */
final class StressFile {
    private static final int BLOCKS = 48;

    /** Regions that the longest chain takes: two for each vectored request. */
    private static final int MOST_REGIONS = 4;

    private final StressRing stress;
    private final String label;
    private final ByteBuffer path;
    private final int openFlags;
    private final int blockSize;
    private final int fd;
    private final int slot;
    private final int scratchSlot;
    private final StressModel.FileBlocks model;
    private boolean scratchInUse;

    /**
     * A new file, full of its first contents.
     *
     * @param flags flags to open it with
     * @param blockSize what reads and writes are a multiple of
     * @param slot its slot in the table of files, or -1
     * @param scratchSlot a slot that chains may open it into, or -1
     */
    StressFile(
            final StressRing stress,
            final Path path,
            final int flags,
            final int blockSize,
            final int slot,
            final int scratchSlot)
            throws Exception {
        this.stress = stress;
        this.blockSize = blockSize;
        this.slot = slot;
        this.scratchSlot = scratchSlot;
        this.path = Native.path(path);
        openFlags = flags;
        label = path.getFileName().toString();
        model = new StressModel.FileBlocks(path.hashCode(), BLOCKS, blockSize);
        final ByteBuffer contents = Memory.allocate(BLOCKS * blockSize, 1);
        model.contents(model.initial(), contents, 0);
        final byte[] bytes = new byte[contents.capacity()];
        contents.get(0, bytes);
        Files.write(path, bytes);
        stress.ring.getSqe().prepOpenat(AT_FDCWD, Memory.address(this.path), flags | O_RDWR | O_CLOEXEC, 0);
        fd = Completion.awaitResult(stress.ring);
        if (fd < 0) {
            stress.unsupported.add(label + " " + Errno.name(fd));
        } else if (slot >= 0) {
            assertThat(stress.ring.registerFilesUpdate(slot, fd)).isEqualTo(1);
        }
    }

    boolean isOpen() {
        return fd >= 0;
    }

    void close() {
        Native.close(fd);
    }

    void step() {
        if (stress.memory.available() < MOST_REGIONS) {
            return;
        }
        final int first = stress.random.nextInt(BLOCKS);
        final int most = Math.min(BLOCKS - first, Math.min(8, StressMemory.ROOM / blockSize));
        final int blocks = 1 + stress.random.nextInt(most);
        final int choice = stress.random.nextInt(100);
        if (choice < 40) {
            read(first, blocks, null, slotOrNone(), 0);
        } else if (choice < 75) {
            write(first, blocks, 0);
        } else if (choice < 92) {
            stress.reserve(2);
            final Write write = write(first, blocks, stress.chance(80) ? IOSQE_IO_LINK : IOSQE_IO_HARDLINK);
            read(first, blocks, write, slotOrNone(), 0);
        } else if (choice < 97 || scratchSlot < 0 || scratchInUse) {
            stress.beginAlone(new StressControl.Nop(label + " fsync", 0)).prepFsync(fd, 0);
        } else {
            openReadClose(first, blocks);
        }
    }

    private int slotOrNone() {
        return slot >= 0 && stress.chance(40) ? slot : -1;
    }

    private final class Write extends StressOperation {
        private final StressModel.Write write;
        private @Nullable Read next;
        private boolean whole;

        Write(final String form, final StressModel.Write write) {
            super(label + " " + form);
            this.write = write;
        }

        @Override
        void complete(final int res, final int flags) {
            final StressMemory.Region region = regions.get(0);
            model.endWrite(write, res);
            whole = res == region.length();
            if (!whole && !isCancelled(res)) {
                throw wrong(res, "it should have written " + region.length());
            }
            assertThat(model.holds(write, stress.memory.arena, region.start()))
                    .as("what is written to a file is not changed by that")
                    .isTrue();
            if (whole && next != null) {
                next.read.follows(write);
            }
        }
    }

    private final class Read extends StressOperation {
        private final StressModel.Read read;
        private final @Nullable Write previous;

        Read(final String form, final StressModel.Read read, final @Nullable Write previous) {
            super(label + " " + form);
            this.read = read;
            this.previous = previous;
        }

        @Override
        void complete(final int res, final int flags) {
            final StressMemory.Region region = regions.get(0);
            final boolean brokenChain = previous != null && !previous.whole && res == -Errno.ECANCELED;
            if (res != region.length() && !isCancelled(res) && !brokenChain) {
                throw wrong(res, "there are " + region.length());
            }
            assertThat(model.endRead(read, stress.memory.arena, region.start(), Math.max(0, res)))
                    .as("%s", this)
                    .isEmpty();
        }
    }

    private Write write(final int first, final int blocks, final int link) {
        final int form = stress.random.nextInt(stress.fixedBuffers ? 4 : 3);
        final Write operation = new Write(
                new String[] {"write", "writev", "writev2", "write fixed"}[form], model.beginWrite(first, blocks));
        final StressMemory.Region region = stress.memory(operation, blocks * blockSize, alignment());
        model.contents(operation.write, stress.memory.arena, region.start());
        final long vectors = form == 1 || form == 2 ? vectors(operation, region) : 0;
        final Sqe sqe = stress.beginAlone(operation);
        final int fixed = slotOrNone();
        final int file = fixed < 0 ? fd : fixed;
        final long position = (long) first * blockSize;
        if (form == 0) {
            sqe.prepWrite(file, region.address(), region.length(), position);
        } else if (form == 1) {
            sqe.prepWritev(file, vectors, 2, position);
        } else if (form == 2) {
            sqe.prepWritev2(file, vectors, 2, position, 0);
        } else {
            sqe.prepWriteFixed(file, region.address(), region.length(), position, region.slot());
        }
        sqe.setFlags(link | (fixed < 0 ? 0 : IOSQE_FIXED_FILE) | async());
        return operation;
    }

    private Read read(
            final int first, final int blocks, final @Nullable Write previous, final int fixed, final int link) {
        final int form = stress.random.nextInt(stress.fixedBuffers ? 4 : 3);
        final Read operation = new Read(
                new String[] {"read", "readv", "readv2", "read fixed"}[form], model.beginRead(first, blocks), previous);
        if (previous != null) {
            previous.next = operation;
            previous.followers.add(operation);
        }
        final StressMemory.Region region = stress.memory(operation, blocks * blockSize, alignment());
        final long vectors = form == 1 || form == 2 ? vectors(operation, region) : 0;
        final Sqe sqe = stress.beginAlone(operation);
        final int file = fixed < 0 ? fd : fixed;
        final long position = (long) first * blockSize;
        if (form == 0) {
            sqe.prepRead(file, region.address(), region.length(), position);
        } else if (form == 1) {
            sqe.prepReadv(file, vectors, 2, position);
        } else if (form == 2) {
            sqe.prepReadv2(file, vectors, 2, position, 0);
        } else {
            sqe.prepReadFixed(file, region.address(), region.length(), position, region.slot());
        }
        sqe.setFlags(link | (fixed < 0 ? 0 : IOSQE_FIXED_FILE) | async());
        return operation;
    }

    /** Opens the file into a slot, reads it there, closes it: one chain. What was in the slot must not be read. */
    private void openReadClose(final int first, final int blocks) {
        scratchInUse = true;
        stress.reserve(3);
        final StressOperation open = new StressControl.Nop(label + " open direct", 0);
        final Sqe openSqe = stress.begin(open);
        openSqe.prepOpenatDirect(AT_FDCWD, Memory.address(path), openFlags | O_RDWR, 0, scratchSlot);
        openSqe.setFlags(IOSQE_IO_LINK);
        final StressOperation read = read(first, blocks, null, scratchSlot, IOSQE_IO_LINK);
        final StressOperation close = new StressControl.Nop(label + " close direct", 0) {
            @Override
            void complete(final int res, final int flags) {
                scratchInUse = false;
                super.complete(res, flags);
            }
        };
        stress.begin(close).prepCloseDirect(scratchSlot);
        open.followers.add(read);
        read.followers.add(close);
    }

    private int alignment() {
        return blockSize == 4096 ? 4096 : 1;
    }

    private int async() {
        return stress.chance(15) ? IOSQE_ASYNC : 0;
    }

    /** Two pieces of one region. */
    private long vectors(final StressOperation operation, final StressMemory.Region region) {
        final StressMemory.Region vectors = stress.memory(operation, 2 * Iovec.SIZE, 8);
        final int cut = blockSize == 4096
                ? 512 * stress.random.nextInt(region.length() / 512)
                : stress.random.nextInt(region.length());
        setVectors(stress.memory.arena, vectors, region, cut);
        return vectors.address();
    }

    static void setVectors(
            final ByteBuffer arena,
            final StressMemory.Region vectors,
            final StressMemory.Region region,
            final int cut) {
        final ByteBuffer array = arena.slice(vectors.start(), vectors.length()).order(arena.order());
        Iovec.set(array, 0, region.address(), cut);
        Iovec.set(array, 1, region.address() + cut, region.length() - cut);
    }
}
