package dev.ringflow.uring.struct;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ringflow.uring.Memory;
import java.nio.ByteBuffer;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a peer or the kernel hands in, with random and shortened bytes: no codec reads outside of it or runs for ever. */
@Timeout(60)
class ControlMessageFuzzTest {
    private static final int ROUNDS = 200_000;

    private final ByteBuffer memory = Memory.allocate(160, 8);

    private static long seed() {
        return Long.getLong("fuzz.seed", System.nanoTime());
    }

    /** Random bytes, with numbers of 64 and 32 bits among them that come near to lengths. */
    private void scramble(final Random random) {
        for (int i = 0; i < memory.capacity(); i += 8) {
            switch (random.nextInt(4)) {
                case 0 -> memory.putLong(i, random.nextLong());
                case 1 -> memory.putLong(i, 12 + random.nextInt(40));
                case 2 -> memory.putLong(i, (long) random.nextInt(40) << 32 | random.nextInt(3));
                default -> memory.putLong(i, -random.nextInt(20));
            }
        }
    }

    @Test
    void shouldWalkThroughAnyControlMessages() {
        final long seed = seed();
        final Random random = new Random(seed);
        long found = 0;
        for (int round = 0; round < ROUNDS; round++) {
            scramble(random);
            memory.limit(random.nextInt(memory.capacity() + 1));
            final int start = random.nextBoolean() ? 8 * random.nextInt(12) : random.nextInt(170) - 5;
            final long length = random.nextInt(8) == 0 ? random.nextLong() : random.nextInt(200) - 5;
            final long end = Math.min(memory.limit(), start + Math.max(0, Math.min(1000, length)));
            int at = ControlMessage.first(memory, start, length);
            int steps = 0;
            while (at >= 0) {
                final String where = "seed " + seed + ", round " + round + ": message at " + at;
                assertThat(at).as(where).isGreaterThanOrEqualTo(start);
                final int data = ControlMessage.dataLength(memory, at);
                assertThat(at + ControlMessage.length(data)).as(where).isLessThanOrEqualTo((int) end);
                assertThat(ControlMessage.rights(memory, at)).as(where).hasSize(data / 4);
                ControlMessage.number(memory, at);
                ControlMessage.is(memory, at, 1, 1);
                assertThat(++steps).as(where).isLessThan(memory.capacity() / ControlMessage.DATA + 1);
                at = ControlMessage.next(memory, start, length, at);
            }
            found += steps;
            memory.limit(memory.capacity());
        }
        assertThat(found)
                .as("seed %d: the fuzz gets past the first check", seed)
                .isGreaterThan(ROUNDS / 50);
    }

    @Test
    void shouldSurviveAnyPlaceToGoOnFrom() {
        final long seed = seed();
        final Random random = new Random(seed);
        for (int round = 0; round < ROUNDS; round++) {
            scramble(random);
            final int start = random.nextInt(170) - 5;
            final int current = random.nextInt(4) == 0 ? random.nextInt() : random.nextInt(170) - 5;
            final int next = ControlMessage.next(memory, start, random.nextInt(200), current);
            assertThat(next)
                    .as("seed %d, round %d", seed, round)
                    .isBetween(-1, memory.capacity() - ControlMessage.DATA);
            assertThat(next < 0 || next > current)
                    .as("seed %d, round %d", seed, round)
                    .isTrue();
        }
    }

    @Test
    void shouldReadAnyHeaderOfARecvmsg() {
        final long seed = seed();
        final Random random = new Random(seed);
        final ByteBuffer msghdr = Memory.allocate(Msghdr.SIZE, 8);
        int valid = 0;
        for (int round = 0; round < ROUNDS; round++) {
            scramble(random);
            memory.limit(random.nextInt(memory.capacity() + 1));
            Msghdr.setName(msghdr, 0, 0, random.nextInt(6) == 0 ? random.nextInt() : random.nextInt(40));
            msghdr.putLong(Msghdr.CONTROLLEN, random.nextInt(6) == 0 ? random.nextLong() : random.nextInt(80));
            final int offset = random.nextInt(40) - 4;
            final int length = random.nextInt(6) == 0 ? random.nextInt() : random.nextInt(170) - 5;
            if (RecvmsgOut.validate(memory, offset, length, msghdr, 0)) {
                valid++;
                check("seed " + seed + ", round " + round, offset, length, msghdr);
            }
            memory.limit(memory.capacity());
        }
        assertThat(valid)
                .as("seed %d: the fuzz gets past the first check", seed)
                .isGreaterThan(ROUNDS / 100);
    }

    private void check(final String where, final int offset, final int length, final ByteBuffer msghdr) {
        final int end = offset + length;
        assertThat(end).as(where).isLessThanOrEqualTo(memory.limit());
        final int name = RecvmsgOut.name(offset);
        final int nameLength = RecvmsgOut.nameLength(memory, offset, msghdr, 0);
        final int control = RecvmsgOut.control(offset, msghdr, 0);
        final int controlLength = RecvmsgOut.controlLength(memory, offset, msghdr, 0);
        final int payload = RecvmsgOut.payload(offset, msghdr, 0);
        final int payloadLength = RecvmsgOut.payloadLength(offset, length, msghdr, 0);
        assertThat(name).as(where).isEqualTo(offset + RecvmsgOut.SIZE);
        assertThat(nameLength).as(where).isBetween(0, control - name);
        assertThat(controlLength).as(where).isBetween(0, payload - control);
        assertThat(payloadLength).as(where).isNotNegative();
        assertThat(payload + payloadLength).as(where).isEqualTo(end);
        Sockaddr.get(memory, name, nameLength);
        int at = RecvmsgOut.cmsgFirsthdr(memory, offset, msghdr, 0);
        while (at >= 0) {
            assertThat(at + ControlMessage.length(ControlMessage.dataLength(memory, at)))
                    .as(where)
                    .isLessThanOrEqualTo(control + controlLength);
            at = RecvmsgOut.cmsgNexthdr(memory, offset, msghdr, 0, at);
        }
        RecvmsgOut.flags(memory, offset);
        RecvmsgOut.messageLength(memory, offset);
        RecvmsgOut.isNameTruncated(memory, offset, msghdr, 0);
    }

    @Test
    void shouldReadAnyAddress() {
        final long seed = seed();
        final Random random = new Random(seed);
        final short[] families = {0, 1, 2, 10, 17, 77};
        int read = 0;
        for (int round = 0; round < ROUNDS; round++) {
            for (int i = 0; i < memory.capacity(); i += 8) {
                memory.putLong(i, random.nextLong());
            }
            final int offset = random.nextInt(40);
            memory.putShort(offset, families[random.nextInt(families.length)]);
            for (int zeros = random.nextInt(4); zeros > 0; zeros--) {
                memory.put(offset + 2 + random.nextInt(20), (byte) 0);
            }
            memory.limit(random.nextInt(memory.capacity() + 1));
            final int length = random.nextInt(6) == 0 ? random.nextInt() : random.nextInt(170) - 5;
            final int from = random.nextInt(20) == 0 ? -offset : offset;
            final String where = "seed " + seed + ", round " + round;
            read += Sockaddr.get(memory, from, length) == null ? 0 : 1;
            final byte[] path = Sockaddr.path(memory, from, length);
            final byte[] name = Sockaddr.abstractName(memory, from, length);
            assertThat(path == null || name == null).as(where).isTrue();
            assertThat(path == null || path.length <= Math.min(length - 2, 108))
                    .as(where)
                    .isTrue();
            assertThat(name == null || name.length <= Math.min(length - 3, 107))
                    .as(where)
                    .isTrue();
            final byte[] hardware = Sockaddr.hardwareAddress(memory, from, length);
            assertThat(hardware == null || hardware.length <= 8).as(where).isTrue();
            memory.limit(memory.capacity());
        }
        assertThat(read).as("seed %d: the fuzz reads addresses", seed).isGreaterThan(ROUNDS / 20);
    }
}
