package dev.ringflow.windows.ioring;

import java.nio.ByteBuffer;

/**
 * An array of {@code FILE_SEGMENT_ELEMENT}: the pages that {@link IoRing#buildReadFileScatter} fills and
 * {@link IoRing#buildWriteFileGather} writes. Each is a whole page at a page's boundary. The array has the zero at its end
 * that {@code ReadFileScatter} asks for. The ring keeps it reachable until the completion; its pages are the caller's to
 * keep. Not to be changed while an operation is in flight. Not safe for use by several threads.
 */
public final class FileSegments {
    /** Size of a page in bytes, on x64 and arm64. */
    public static final int PAGE_SIZE = 4096;

    private final int count;
    private final ByteBuffer memory;

    private FileSegments(final int count) {
        this.count = count;
        this.memory = IoRingMemory.allocate((count + 1) * IoRingLayout.SEGMENT_SIZE, IoRingLayout.SEGMENT_SIZE);
    }

    /**
     * An array of pages by their addresses.
     *
     * @param addresses delicate: each is the address of {@link #PAGE_SIZE} bytes, and a multiple of it
     * @return an array
     * @throws IllegalArgumentException if there is none, or an address is no multiple of the page size
     */
    public static FileSegments ofAddresses(final long... addresses) {
        if (addresses.length == 0) {
            throw new IllegalArgumentException("no pages");
        }
        final FileSegments segments = new FileSegments(addresses.length);
        for (int i = 0; i < addresses.length; i++) {
            segments.set(i, addresses[i]);
        }
        return segments;
    }

    /**
     * The pages of a buffer, one after the other.
     *
     * @param pages direct, at a page's boundary, a number of whole pages; see {@link IoRingMemory#allocate}
     * @return an array
     * @throws IllegalArgumentException if the buffer is not of that kind
     */
    public static FileSegments ofPages(final ByteBuffer pages) {
        if (pages.capacity() == 0 || pages.capacity() % PAGE_SIZE != 0) {
            throw new IllegalArgumentException("no whole pages: " + pages.capacity() + " bytes");
        }
        final FileSegments segments = new FileSegments(pages.capacity() / PAGE_SIZE);
        final long address = IoRingMemory.address(pages);
        for (int i = 0; i < segments.count; i++) {
            segments.set(i, address + (long) i * PAGE_SIZE);
        }
        return segments;
    }

    /**
     * Puts another page into the array.
     *
     * @param index which, from 0 on
     * @param address delicate: the page's address
     * @throws IllegalArgumentException if the address is 0 or no multiple of the page size
     * @throws IndexOutOfBoundsException if there is no such index
     */
    public void set(final int index, final long address) {
        if (index < 0 || index >= count) {
            throw new IndexOutOfBoundsException(index);
        }
        if (address == 0 || address % PAGE_SIZE != 0) {
            throw new IllegalArgumentException("no page's address: 0x" + Long.toHexString(address));
        }
        memory.putLong(index * IoRingLayout.SEGMENT_SIZE, address);
    }

    /**
     * How many pages there are.
     *
     * @return at least 1
     */
    public int count() {
        return count;
    }

    long address() {
        return IoRingMemory.address(memory);
    }
}
