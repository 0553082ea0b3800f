package dev.ringflow.uring.driver;

import dev.ringflow.uring.Memory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * One piece of memory for all that an operation on names needs: first where its two C strings are, then room for a
 * struct or a value, then the strings.
 */
final class PathMemory {
    static final int ROOM = 2 * Integer.BYTES;

    private PathMemory() {}

    static ByteBuffer of(ScratchMemory scratch, int room, byte[] first, byte[] second) {
        return write(scratch.take(size(room, first, second)), room, first, second);
    }

    /** The same, in memory that belongs to no pool: for any thread. */
    static ByteBuffer ofOwn(int room, byte[] first, byte[] second) {
        return write(Memory.allocate(size(room, first, second), Long.BYTES), room, first, second);
    }

    private static int size(int room, byte[] first, byte[] second) {
        return ROOM + room + first.length + second.length + 2;
    }

    private static ByteBuffer write(ByteBuffer memory, int room, byte[] first, byte[] second) {
        int begin = ROOM + room;
        memory.putInt(0, begin);
        begin = string(memory, begin, first);
        memory.putInt(Integer.BYTES, begin);
        string(memory, begin, second);
        return memory;
    }

    private static int string(ByteBuffer memory, int begin, byte[] text) {
        memory.put(begin, text);
        memory.put(begin + text.length, (byte) 0);
        return begin + text.length + 1;
    }

    /** Where the struct or value is. */
    static long room(ByteBuffer memory) {
        return Memory.address(memory) + ROOM;
    }

    /** How many bytes the struct or value may have. */
    static int roomSize(ByteBuffer memory) {
        return memory.getInt(0) - ROOM;
    }

    /** The struct alone. */
    static ByteBuffer struct(ByteBuffer memory, int size) {
        return memory.slice(ROOM, size).order(ByteOrder.nativeOrder());
    }

    static long first(ByteBuffer memory) {
        return Memory.address(memory) + memory.getInt(0);
    }

    static long second(ByteBuffer memory) {
        return Memory.address(memory) + memory.getInt(Integer.BYTES);
    }
}
