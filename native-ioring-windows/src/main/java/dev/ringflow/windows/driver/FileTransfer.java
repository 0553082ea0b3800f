package dev.ringflow.windows.driver;

import dev.ringflow.spi.Operation;
import dev.ringflow.windows.iocp.Overlapped;
import dev.ringflow.windows.ioring.FileSegments;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A read, write or sync under way: what {@link FilePreparation} has to know until its end. Used again and again. */
final class FileTransfer {
    /** What is asked of the system. */
    enum Kind {
        READ,
        WRITE,
        SYNC
    }

    private @Nullable Operation operation;
    private @Nullable FileState file;

    Kind kind = Kind.READ;

    /** Whether it begins and ends at the file's own position. */
    boolean atOwnPosition;

    /** Whether it writes at the end of the file. */
    boolean toEnd;

    /** Where in the file the next part goes. */
    long at;

    /** Bytes of all parts. */
    int done;

    /** Which buffer of a vector is under way. */
    int index;

    /** The part under way. */
    long address;

    int length;

    /** Where {@link #address} is in a registered buffer. */
    int offset;

    /** The registered buffer that the part under way is named by, or -1. */
    int registered = -1;

    /** The pages of a vector that goes in one entry; {@link #length} is the bytes of all. */
    @Nullable
    FileSegments pages;

    /** The overlapped request under way. */
    @Nullable
    Overlapped block;

    /** Whether an entry of the ring is under way. */
    boolean inRing;

    /** Whether it waits for room in the ring. */
    boolean waitsForRing;

    boolean cancelAsked;

    /** Of a write that the ring does not know of: its number. Of a sync: how many of those it waits for, and up to which. */
    long number;

    int waitsFor;

    void begin(Operation newOperation, FileState newFile, Kind newKind) {
        operation = newOperation;
        file = newFile;
        kind = newKind;
        atOwnPosition = false;
        toEnd = false;
        at = newOperation.position();
        done = 0;
        index = 0;
        registered = -1;
        pages = null;
        block = null;
        inRing = false;
        waitsForRing = false;
        cancelAsked = false;
        number = 0;
        waitsFor = 0;
    }

    void end() {
        operation = null;
        file = null;
        pages = null;
        block = null;
    }

    Operation operation() {
        return Objects.requireNonNull(operation);
    }

    FileState file() {
        return Objects.requireNonNull(file);
    }
}
