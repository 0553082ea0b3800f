package dev.ringflow.windows.ioring;

import dev.ringflow.windows.internal.IoRingLibrary;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The build functions that register files and buffers; {@link IoRing} tells what holds for all of them. A registration
 * replaces the last one whole. Entries built after it run after it. The ring keeps the array that Windows reads until the
 * completion.
 */
public abstract class IoRingRegistering extends IoRingBuilding {
    IoRingRegistering(final IoRingLibrary library, final long handle) {
        super(library, handle);
    }

    /**
     * {@code BuildIoRingRegisterFileHandles}: registers files, which {@link IoRingHandleRef#fromIndex} then names. Since
     * version 1.
     *
     * @param handles open handles; {@link IoRingConstants#INVALID_HANDLE_VALUE} leaves an index empty. None at all completes
     *     with {@link HResult#E_INVALIDARG}; see {@link #buildUnregisterFileHandles}
     * @param userData comes back with the completion; of no other operation in flight
     * @return the {@code HRESULT}
     * @throws IllegalStateException if the ring is closed, or another thread is building or submitting
     */
    public final int buildRegisterFileHandles(final long[] handles, final long userData) {
        final ByteBuffer array = IoRingMemory.allocate(Math.max(handles.length, 1) * Long.BYTES, Long.BYTES);
        array.asLongBuffer().put(handles);
        guard.enter(CallGuard.BUILDING);
        heldMemory.hold(userData, array);
        int result = HResult.E_NOTIMPL;
        try {
            result =
                    calls.BuildIoRingRegisterFileHandles(handle, handles.length, IoRingMemory.address(array), userData);
        } catch (final UnsatisfiedLinkError e) {
            // stays E_NOTIMPL
        } finally {
            built(result, userData);
        }
        return result;
    }

    /**
     * {@code BuildIoRingRegisterFileHandles} of one empty index: drops what was registered, as far as Windows lets it; it
     * refuses to register nothing.
     *
     * @param userData comes back with the completion; of no other operation in flight
     * @return the {@code HRESULT}
     * @throws IllegalStateException if the ring is closed, or another thread is building or submitting
     */
    public final int buildUnregisterFileHandles(final long userData) {
        return buildRegisterFileHandles(new long[] {IoRingConstants.INVALID_HANDLE_VALUE}, userData);
    }

    /**
     * {@code BuildIoRingRegisterBuffers}: registers memory, which {@link IoRingBufferRef#fromIndexAndOffset} then names.
     * Since version 1.
     *
     * @param addresses delicate: Windows' until they are replaced or the ring is closed, and nothing is in flight; 0 leaves
     *     an index empty. None at all completes with {@link HResult#E_INVALIDARG}; see {@link #buildUnregisterBuffers}
     * @param lengths in bytes, one for each address; 0 for an empty index
     * @param userData comes back with the completion; of no other operation in flight
     * @return the {@code HRESULT}
     * @throws IllegalArgumentException if there are not as many lengths as addresses
     * @throws IllegalStateException if the ring is closed, or another thread is building or submitting
     */
    public final int buildRegisterBuffers(final long[] addresses, final int[] lengths, final long userData) {
        if (addresses.length != lengths.length) {
            throw new IllegalArgumentException(addresses.length + " addresses, " + lengths.length + " lengths");
        }
        final int size = Math.max(addresses.length, 1) * IoRingLayout.BUFFER_INFO_SIZE;
        final ByteBuffer array = IoRingMemory.allocate(size, Long.BYTES);
        for (int i = 0; i < addresses.length; i++) {
            final int info = i * IoRingLayout.BUFFER_INFO_SIZE;
            array.putLong(info + IoRingLayout.BUFFER_INFO_ADDRESS, addresses[i]);
            array.putInt(info + IoRingLayout.BUFFER_INFO_LENGTH, lengths[i]);
        }
        guard.enter(CallGuard.BUILDING);
        heldMemory.hold(userData, array);
        int result = HResult.E_NOTIMPL;
        try {
            result = calls.BuildIoRingRegisterBuffers(handle, addresses.length, IoRingMemory.address(array), userData);
        } catch (final UnsatisfiedLinkError e) {
            // stays E_NOTIMPL
        } finally {
            built(result, userData);
        }
        return result;
    }

    /**
     * {@link #buildRegisterBuffers(long[], int[], long)} of whole buffers, from index 0 to their capacity. The caller keeps
     * them reachable until they are replaced or the ring is closed, and nothing is in flight.
     *
     * @param buffers direct ones; null leaves an index empty
     * @param userData comes back with the completion; of no other operation in flight
     * @return the {@code HRESULT}
     * @throws IllegalArgumentException if a buffer is not direct
     * @throws IllegalStateException if the ring is closed, or another thread is building or submitting
     */
    public final int buildRegisterBuffers(final @Nullable ByteBuffer[] buffers, final long userData) {
        final long[] addresses = new long[buffers.length];
        final int[] lengths = new int[buffers.length];
        for (int i = 0; i < buffers.length; i++) {
            final ByteBuffer buffer = buffers[i];
            if (buffer != null) {
                addresses[i] = IoRingMemory.address(buffer);
                lengths[i] = buffer.capacity();
            }
        }
        return buildRegisterBuffers(addresses, lengths, userData);
    }

    /**
     * {@code BuildIoRingRegisterBuffers} of one empty index: drops what was registered, as far as Windows lets it; it refuses
     * to register nothing.
     *
     * @param userData comes back with the completion; of no other operation in flight
     * @return the {@code HRESULT}
     * @throws IllegalStateException if the ring is closed, or another thread is building or submitting
     */
    public final int buildUnregisterBuffers(final long userData) {
        return buildRegisterBuffers(new long[1], new int[1], userData);
    }
}
