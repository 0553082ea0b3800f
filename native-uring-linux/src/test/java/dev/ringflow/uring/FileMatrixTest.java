package dev.ringflow.uring;

import static dev.ringflow.uring.UringConstants.IORING_CQE_BUFFER_SHIFT;
import static dev.ringflow.uring.UringConstants.IORING_CQE_F_BUFFER;
import static dev.ringflow.uring.UringConstants.IORING_OP_READV_FIXED;
import static dev.ringflow.uring.UringConstants.IORING_SETUP_SQPOLL;
import static dev.ringflow.uring.UringConstants.IOSQE_ASYNC;
import static dev.ringflow.uring.UringConstants.IOSQE_BUFFER_SELECT;
import static dev.ringflow.uring.UringConstants.IOSQE_FIXED_FILE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ringflow.uring.struct.Iovec;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** F1: every way to read and write a file, each with each. */
@Timeout(60)
class FileMatrixTest {
    private static final int BLOCK = 4096;
    private static final int BLOCKS = 8;
    private static final int GROUP = 3;

    @TempDir
    private Path directory;

    private final ByteBuffer memory = Memory.allocate(BLOCKS * BLOCK, BLOCK);
    private final ByteBuffer vectors = Memory.allocate(2 * BLOCKS * Iovec.SIZE, 8);
    private final List<Integer> order = new ArrayList<>();

    private enum Form {
        PLAIN,
        VECTORED,
        REGISTERED,
        REGISTERED_VECTORED,
        SELECTED,
        SELECTED_VECTORED;

        boolean isRegistered() {
            return this == REGISTERED || this == REGISTERED_VECTORED;
        }

        boolean isSelected() {
            return this == SELECTED || this == SELECTED_VECTORED;
        }
    }

    private record Case(Form form, boolean direct, boolean polled, boolean slot, boolean async) {
        @Override
        public String toString() {
            return form
                    + (direct ? ", O_DIRECT" : ", buffered")
                    + (polled ? ", SQPOLL" : "")
                    + (slot ? ", registered file" : "")
                    + (async ? ", by worker threads" : "");
        }
    }

    static Stream<Case> cases() {
        final List<Case> cases = new ArrayList<>();
        for (final Form form : Form.values()) {
            for (int bits = 0; bits < 16; bits++) {
                cases.add(new Case(form, (bits & 1) != 0, (bits & 2) != 0, (bits & 4) != 0, (bits & 8) != 0));
            }
        }
        return cases.stream();
    }

    /** F1. */
    @ParameterizedTest
    @MethodSource("cases")
    void shouldWriteAndReadEveryBlock(final Case options) throws IOException {
        Collections.shuffle(order(), new Random(options.hashCode()));
        final UringParams params = options.polled
                ? UringParams.of(2 * BLOCKS).withWishedFlags(0).withFlags(IORING_SETUP_SQPOLL)
                : UringParams.of(2 * BLOCKS);
        final Path file = directory.resolve("file");
        final int fd;
        try (Uring opener = Uring.open(2)) {
            fd = options.direct ? Request.openDirect(opener, file) : Native.open(file);
        }
        try (Uring ring = Uring.open(params)) {
            if (options.form == Form.REGISTERED_VECTORED) {
                Native.assumeOpcode(ring, IORING_OP_READV_FIXED);
            }
            if (options.polled && !options.slot) {
                Native.assumeFeature(ring, UringConstants.IORING_FEAT_SQPOLL_NONFIXED);
            }
            if (options.slot) {
                assertThat(ring.registerFiles(fd)).isZero();
            }
            Iovec.set(vectors, 0, Memory.address(memory), memory.capacity());
            if (options.form.isRegistered()) {
                assertThat(ring.registerBuffers(Memory.address(vectors), 1)).isZero();
            }
            Request.fill(memory, 77);
            final byte[] content = Request.copy(memory);
            transfer(ring, options, fd, true);
            assertThat(Files.readAllBytes(file)).isEqualTo(content);

            for (int i = 0; i < memory.capacity(); i++) {
                memory.put(i, (byte) 0);
            }
            if (options.form.isSelected()) {
                selectAndRead(ring, options, fd, content);
            } else {
                transfer(ring, options, fd, false);
                assertThat(Request.copy(memory)).isEqualTo(content);
            }
        } finally {
            Native.close(fd);
        }
    }

    private List<Integer> order() {
        for (int i = 0; i < BLOCKS; i++) {
            order.add(i);
        }
        return order;
    }

    /** Each block by a request of its own. */
    private void transfer(final Uring ring, final Case options, final int fd, final boolean write) {
        for (final int block : order) {
            final Sqe sqe = ring.getSqe();
            prepare(sqe, options, options.slot ? 0 : fd, block, write);
            sqe.setData64(block);
            sqe.setFlags((options.slot ? IOSQE_FIXED_FILE : 0) | (options.async ? IOSQE_ASYNC : 0));
        }
        final List<Completion> completions = Completion.awaitSorted(ring, BLOCKS);
        for (int block = 0; block < BLOCKS; block++) {
            assertThat(completions.get(block)).isEqualTo(new Completion(block, BLOCK, 0));
        }
    }

    private void prepare(final Sqe sqe, final Case options, final int fd, final int block, final boolean write) {
        final long offset = (long) block * BLOCK;
        final ByteBuffer piece = memory.slice(block * BLOCK, BLOCK);
        final long vector = Memory.address(vectors) + 2L * block * Iovec.SIZE;
        Iovec.set(vectors, 2 * block, Memory.address(piece), BLOCK / 2);
        Iovec.set(vectors, 2 * block + 1, Memory.address(piece) + BLOCK / 2, BLOCK / 2);
        if (write) {
            switch (options.form) {
                case VECTORED -> sqe.prepWritev(fd, vector, 2, offset);
                case REGISTERED -> sqe.prepWriteFixed(fd, piece, offset, 0);
                case REGISTERED_VECTORED -> sqe.prepWritevFixed(fd, vector, 2, offset, 0, 0);
                default -> sqe.prepWrite(fd, piece, offset);
            }
        } else {
            switch (options.form) {
                case VECTORED -> sqe.prepReadv(fd, vector, 2, offset);
                case REGISTERED -> sqe.prepReadFixed(fd, piece, offset, 0);
                case REGISTERED_VECTORED -> sqe.prepReadvFixed(fd, vector, 2, offset, 0, 0);
                default -> sqe.prepRead(fd, piece, offset);
            }
        }
    }

    /** The kernel picks the buffer: the completion tells which block is where. */
    private void selectAndRead(final Uring ring, final Case options, final int fd, final byte[] content) {
        final Sqe providing = ring.getSqe();
        providing.prepProvideBuffers(Memory.address(memory), BLOCK, BLOCKS, GROUP, 0);
        assertThat(Completion.awaitResult(ring)).isNotNegative();
        for (final int block : order) {
            final Sqe sqe = ring.getSqe();
            if (options.form == Form.SELECTED) {
                sqe.prepRead(options.slot ? 0 : fd, 0, BLOCK, (long) block * BLOCK);
            } else {
                Iovec.set(vectors, block, 0, BLOCK);
                sqe.prepReadv(
                        options.slot ? 0 : fd, Memory.address(vectors) + block * Iovec.SIZE, 1, (long) block * BLOCK);
            }
            sqe.setData64(block);
            sqe.setFlags(
                    IOSQE_BUFFER_SELECT | (options.slot ? IOSQE_FIXED_FILE : 0) | (options.async ? IOSQE_ASYNC : 0));
            sqe.setBufGroup(GROUP);
        }
        final Set<Integer> ids = new HashSet<>();
        for (final Completion completion : Completion.await(ring, BLOCKS)) {
            assertThat(completion.res()).isEqualTo(BLOCK);
            assertThat(completion.flags() & IORING_CQE_F_BUFFER).isNotZero();
            final int id = completion.flags() >>> IORING_CQE_BUFFER_SHIFT;
            assertThat(id).isBetween(0, BLOCKS - 1);
            assertThat(ids.add(id)).as("buffer %s is used once", id).isTrue();
            final byte[] read = new byte[BLOCK];
            memory.get(id * BLOCK, read);
            final int start = (int) completion.userData() * BLOCK;
            assertThat(read).isEqualTo(Arrays.copyOfRange(content, start, start + BLOCK));
        }
        final Sqe tooMany = ring.getSqe();
        tooMany.prepRead(options.slot ? 0 : fd, 0, BLOCK, 0);
        tooMany.setFlags(IOSQE_BUFFER_SELECT | (options.slot ? IOSQE_FIXED_FILE : 0));
        tooMany.setBufGroup(GROUP);
        assertThat(Completion.awaitResult(ring)).as("no buffer left").isEqualTo(-Errno.ENOBUFS);
    }
}
