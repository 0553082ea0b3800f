package dev.ringflow.internal.transfer;

import dev.ringflow.file.HashAlgorithm;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Set;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * The list of chunks that are written, in a file next to them: a header that says of which source, then records. Each has
 * a checksum; from the first that is torn or wrong, nothing counts. All of it blocks: worker threads, one at a time.
 *
 * <p>Header: magic number, identity, checksum. Record: number of entries, then for each the chunk's number and hash, then
 * the checksum of all that. Numbers have their most significant byte first.
 */
final class Journal implements AutoCloseable {
    private static final long MAGIC = 0x52464C4F_57544A31L; // "RFLOWTJ1"
    private static final int HEADER = Long.BYTES + Identity.ENCODED_LENGTH + Integer.BYTES;
    private static final int ENTRY = Integer.BYTES + HashAlgorithm.LENGTH;
    private static final int MOST_ENTRIES = 4096;

    private final FileChannel channel;
    private long end;

    private Journal(FileChannel channel) {
        this.channel = channel;
    }

    /** One chunk that is written. */
    record Entry(int index, byte[] hash) {}

    /** Opens it for going on; null if another process does. */
    static @Nullable Journal open(Path path, Set<StandardOpenOption> how) throws IOException {
        Set<java.nio.file.OpenOption> options = new java.util.HashSet<>(how);
        options.add(LinkOption.NOFOLLOW_LINKS);
        FileChannel channel = FileChannel.open(path, options);
        try {
            boolean free = !how.contains(StandardOpenOption.WRITE) || channel.tryLock() != null;
            if (free) {
                return new Journal(channel);
            }
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
        channel.close();
        return null;
    }

    /** Puts what it lists into a table; false, and nothing, if it is of another source. */
    boolean read(Identity identity, ChunkTable into) throws IOException {
        ByteBuffer header = ByteBuffer.allocate(HEADER);
        if (!fill(header, 0) || !header.equals(header(identity))) {
            return false;
        }
        end = HEADER;
        while (readRecord(into)) {
            // goes on
        }
        return true;
    }

    private boolean readRecord(ChunkTable into) throws IOException {
        ByteBuffer count = ByteBuffer.allocate(Integer.BYTES);
        if (!fill(count, end)) {
            return false;
        }
        int entries = count.getInt(0);
        if (entries < 1 || entries > MOST_ENTRIES) {
            return false;
        }
        ByteBuffer record = ByteBuffer.allocate(Integer.BYTES + entries * ENTRY + Integer.BYTES);
        if (!fill(record, end) || !isSound(record)) {
            return false;
        }
        record.position(Integer.BYTES);
        for (int i = 0; i < entries; i++) {
            int index = record.getInt();
            byte[] hash = new byte[HashAlgorithm.LENGTH];
            record.get(hash);
            if (index >= 0 && index < into.geometry().count()) {
                into.put(index, hash);
            }
        }
        end += record.capacity();
        return true;
    }

    /** Begins a new list. */
    void begin(Identity identity) throws IOException {
        channel.truncate(0);
        end = 0;
        write(header(identity));
    }

    /** Adds chunks. */
    void append(List<Entry> entries, boolean durable) throws IOException {
        for (int from = 0; from < entries.size(); from += MOST_ENTRIES) {
            List<Entry> some = entries.subList(from, Math.min(entries.size(), from + MOST_ENTRIES));
            ByteBuffer record = ByteBuffer.allocate(Integer.BYTES + some.size() * ENTRY + Integer.BYTES);
            record.putInt(some.size());
            for (Entry each : some) {
                record.putInt(each.index()).put(each.hash());
            }
            seal(record);
            write(record);
        }
        if (durable) {
            channel.force(false);
        }
    }

    private void write(ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            end += channel.write(bytes, end);
        }
    }

    private boolean fill(ByteBuffer bytes, long from) throws IOException {
        while (bytes.hasRemaining()) {
            if (channel.read(bytes, from + bytes.position()) < 0) {
                return false;
            }
        }
        bytes.flip();
        return true;
    }

    private static ByteBuffer header(Identity identity) {
        ByteBuffer header = ByteBuffer.allocate(HEADER);
        header.putLong(MAGIC);
        identity.encode(header);
        return seal(header);
    }

    private static ByteBuffer seal(ByteBuffer bytes) {
        return bytes.putInt(checksum(bytes)).flip();
    }

    private static boolean isSound(ByteBuffer bytes) {
        return bytes.getInt(bytes.capacity() - Integer.BYTES) == checksum(bytes);
    }

    private static int checksum(ByteBuffer bytes) {
        CRC32C sum = new CRC32C();
        sum.update(bytes.array(), 0, bytes.capacity() - Integer.BYTES);
        return (int) sum.getValue();
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
