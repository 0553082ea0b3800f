package dev.ringflow.windows.ioring;

import static dev.ringflow.windows.ioring.IoRingConstants.*;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

/** Registered files and buffers, and the life of the arrays that register them. */
@ParameterizedClass
@ValueSource(strings = {"x64", "flattened"})
class IoRingRegistrationTest extends SimulatedRings {
    IoRingRegistrationTest(final String abi) {
        super(abi);
    }

    @Test
    void indexesNameWhatIsRegistered() throws Exception {
        final OverlappedFile first = file("first", "first".getBytes());
        final OverlappedFile second = file("second", "second".getBytes());
        final ByteBuffer small = IoRingMemory.allocate(16, 1);
        final ByteBuffer large = IoRingMemory.allocate(64, 1);
        final IoRing ring = open(8);

        ok(ring.buildRegisterFileHandles(new long[] {first.handle(), second.handle()}, 1));
        ok(ring.buildRegisterBuffers(new ByteBuffer[] {small, large}, 2));
        ok(ring.buildReadFile(IoRingHandleRef.fromIndex(1), IoRingBufferRef.fromIndexAndOffset(1, 32), 6, 0, 3, 0));
        ok(ring.buildWriteFile(
                IoRingHandleRef.fromIndex(0), IoRingBufferRef.fromIndexAndOffset(0, 8), 8, 100, 0, 4, 0));
        final Map<Long, Done> done = finish(ring, 4);

        assertThat(done.values()).allMatch(one -> one.code() == HResult.S_OK);
        assertThat(done.get(3L).information()).isEqualTo(6);
        assertThat(content(large, 32, 6)).isEqualTo("second".getBytes());
        assertThat(first.size()).isEqualTo(108);
        keep(small);
    }

    @Test
    void aRegistrationReplacesTheLastOneWhole() throws Exception {
        final OverlappedFile file = file("file", "content".getBytes());
        final ByteBuffer buffer = IoRingMemory.allocate(16, 1);
        final IoRing ring = open(8);
        final IoRingBufferRef first = IoRingBufferRef.fromIndexAndOffset(0, 0);

        ok(ring.buildRegisterFileHandles(new long[] {file.handle(), file.handle()}, 1));
        ok(ring.buildRegisterFileHandles(new long[] {INVALID_HANDLE_VALUE, file.handle()}, 2));
        ok(ring.buildRegisterBuffers(new ByteBuffer[] {buffer, buffer}, 3));
        ok(ring.buildRegisterBuffers(new ByteBuffer[] {buffer, null}, 4));
        ok(ring.buildReadFile(IoRingHandleRef.fromIndex(0), first, 4, 0, 5, 0));
        ok(ring.buildReadFile(IoRingHandleRef.fromIndex(1), first, 4, 0, 6, 0));
        ok(ring.buildReadFile(IoRingHandleRef.fromIndex(1), IoRingBufferRef.fromIndexAndOffset(1, 0), 4, 0, 7, 0));
        ok(ring.buildReadFile(IoRingHandleRef.fromIndex(2), first, 4, 0, 8, 0));
        final Map<Long, Done> done = finish(ring, 8);

        assertThat(done.get(5L).code()).as("an empty file index").isEqualTo(HResult.E_HANDLE);
        assertThat(done.get(6L)).isEqualTo(new Done(6, HResult.S_OK, 4));
        assertThat(done.get(7L).code()).as("an empty buffer index").isEqualTo(HResult.E_INVALIDARG);
        assertThat(done.get(8L).code()).as("no such file index").isEqualTo(HResult.E_HANDLE);
        keep(buffer);
    }

    @Test
    void aRegisteredBufferHasAnEnd() throws Exception {
        final OverlappedFile file = file("end", new byte[64]);
        final ByteBuffer buffer = IoRingMemory.allocate(16, 1);
        final IoRing ring = open(8);
        ok(ring.buildRegisterBuffers(new ByteBuffer[] {buffer}, 1));
        ok(ring.buildReadFile(file.ref(), IoRingBufferRef.fromIndexAndOffset(0, 8), 9, 0, 2, 0));
        ok(ring.buildReadFile(file.ref(), IoRingBufferRef.fromIndexAndOffset(0, 8), 8, 0, 3, 0));
        final Map<Long, Done> done = finish(ring, 3);
        assertThat(done.get(2L).code()).isEqualTo(HResult.E_INVALIDARG);
        assertThat(done.get(3L)).isEqualTo(new Done(3, HResult.S_OK, 8));
        keep(buffer);
    }

    @Test
    void registeringNothingIsRefusedAndOneEmptyIndexUnregisters() throws Exception {
        final OverlappedFile file = file("nothing", new byte[8]);
        final ByteBuffer buffer = IoRingMemory.allocate(16, 1);
        final IoRing ring = open(16);
        ok(ring.buildRegisterFileHandles(new long[] {file.handle()}, 1));
        ok(ring.buildRegisterBuffers(new ByteBuffer[] {buffer}, 2));
        ok(ring.buildRegisterFileHandles(new long[0], 3));
        ok(ring.buildRegisterBuffers(new long[0], new int[0], 4));
        ok(ring.buildReadFile(IoRingHandleRef.fromIndex(0), IoRingBufferRef.fromIndexAndOffset(0, 0), 8, 0, 5, 0));
        final Map<Long, Done> refused = finish(ring, 5);
        assertThat(refused.get(3L).code()).isEqualTo(HResult.E_INVALIDARG);
        assertThat(refused.get(4L).code()).isEqualTo(HResult.E_INVALIDARG);
        assertThat(refused.get(5L).code()).as("the last registration stands").isEqualTo(HResult.S_OK);

        ok(ring.buildUnregisterFileHandles(6));
        ok(ring.buildUnregisterBuffers(7));
        ok(ring.buildReadFile(IoRingHandleRef.fromIndex(0), new IoRingBufferRef().setBuffer(buffer), 8, 0, 8, 0));
        ok(ring.buildReadFile(file.ref(), IoRingBufferRef.fromIndexAndOffset(0, 0), 8, 0, 9, 0));
        final Map<Long, Done> done = finish(ring, 4);
        assertThat(done.get(6L).code()).isEqualTo(HResult.S_OK);
        assertThat(done.get(7L).code()).isEqualTo(HResult.S_OK);
        assertThat(done.get(8L).code()).isEqualTo(HResult.E_HANDLE);
        assertThat(done.get(9L).code()).isEqualTo(HResult.E_INVALIDARG);
    }

    @Test
    void aRegisteredFileOutlivesItsHandle() throws Exception {
        final OverlappedFile file = file("outlives", "content".getBytes());
        final ByteBuffer buffer = IoRingMemory.allocate(7, 1);
        final IoRing ring = open(8);
        ok(ring.buildRegisterFileHandles(new long[] {file.handle()}, 1));
        finish(ring);
        file.close();

        ok(ring.buildReadFile(IoRingHandleRef.fromIndex(0), new IoRingBufferRef().setBuffer(buffer), 7, 0, 2, 0));
        assertThat(finish(ring)).isEqualTo(new Done(2, HResult.S_OK, 7));
        assertThat(content(buffer, 0, 7)).isEqualTo("content".getBytes());
    }

    @Test
    void theArrayIsKeptUntilTheRegistrationHasRun() throws Exception {
        final OverlappedFile file = file("kept", bytes(4096, 5));
        final ByteBuffer[] buffers = new ByteBuffer[64];
        for (int i = 0; i < buffers.length; i++) {
            buffers[i] = IoRingMemory.allocate(64, 1);
        }
        final IoRing ring = open(8);
        hold(IORING_OP_REGISTER_BUFFERS);

        ok(ring.buildRegisterBuffers(buffers, 1));
        ok(ring.submit());
        assertThat(ring.heldArrays()).isEqualTo(1);
        for (int i = 0; i < 5; i++) {
            System.gc(); // an array that nothing holds goes, and others come in its place
            for (int j = 0; j < 500; j++) {
                IoRingMemory.allocate(64 * IoRingLayout.BUFFER_INFO_SIZE, 1).putLong(0, -1);
            }
        }
        hold();
        assertThat(finish(ring, 1)).containsEntry(1L, new Done(1, HResult.S_OK, 0));
        assertThat(ring.heldArrays()).isZero();

        ok(ring.buildReadFile(file.ref(), IoRingBufferRef.fromIndexAndOffset(63, 0), 64, 64, 2, 0));
        assertThat(finish(ring)).isEqualTo(new Done(2, HResult.S_OK, 64));
        assertThat(content(buffers[63], 0, 64)).isEqualTo(java.util.Arrays.copyOfRange(bytes(4096, 5), 64, 128));
    }

    @Test
    void addressesThatCannotBeAccessedAreRefused() throws Exception {
        final IoRing ring = open(8);
        ok(ring.buildRegisterBuffers(new long[] {8}, new int[] {64}, 1));
        ok(ring.buildRegisterBuffers(new long[] {0}, new int[] {64}, 2));
        ok(ring.buildRegisterFileHandles(new long[] {0x7FF0}, 3));
        final Map<Long, Done> done = finish(ring, 3);
        assertThat(done.get(1L).code()).isEqualTo(HResult.NOACCESS);
        assertThat(done.get(2L).code()).isEqualTo(HResult.E_INVALIDARG);
        assertThat(done.get(3L).code()).isEqualTo(HResult.E_HANDLE);
    }

    @Test
    void indexesOffsetsAndLengthsAreChecked() throws Exception {
        final IoRing ring = open(8);
        assertThatThrownBy(() -> IoRingHandleRef.fromIndex(-1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> IoRingBufferRef.fromIndexAndOffset(-1, 0))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> IoRingBufferRef.fromIndexAndOffset(0, -1))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new IoRingBufferRef().setBuffer(ByteBuffer.allocate(1)))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> ring.buildRegisterBuffers(new long[2], new int[1], 1))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> ring.buildRegisterBuffers(new ByteBuffer[] {ByteBuffer.allocate(1)}, 1))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(IoRingHandleRef.fromIndex(3)).hasToString("file 3");
        assertThat(IoRingHandleRef.fromHandle(16)).hasToString("handle 0x10");
        assertThat(IoRingBufferRef.fromIndexAndOffset(7, 9)).hasToString("buffer 7 + 9");
        assertThat(IoRingBufferRef.fromPointer(4096)).hasToString("address 0x1000");
    }

    @Test
    void aRingClosedWithARegistrationInFlightKeepsItsArray() throws Exception {
        final ByteBuffer buffer = IoRingMemory.allocate(16, 1);
        final IoRing ring = open(8);
        hold(IORING_OP_REGISTER_BUFFERS);
        ok(ring.buildRegisterBuffers(new ByteBuffer[] {buffer}, 1));
        ok(ring.submit());
        ring.close();
        assertThat(ring.heldArrays()).isZero();
        System.gc();
        hold();
        awaitTrue("the registration runs after the close", () -> simulator.sim_ioring_in_flight() == 0);
        keep(buffer);
    }
}
