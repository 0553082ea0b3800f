package dev.ringflow.examples.recipes;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;

import dev.ringflow.Ring;
import dev.ringflow.file.RingFile;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.zip.CRC32;

// snippet-begin: journal
/** A write-ahead log: each record is its length, a checksum, and the content. */
public final class JournalInJava implements AutoCloseable {
    private static final int HEAD = 8;
    private final Ring ring;
    private final RingFile file;
    private long end;
    private CompletableFuture<?> last = CompletableFuture.completedFuture(null);

    public JournalInJava(Ring ring, Path path) {
        this.ring = ring;
        this.file = ring.openFileAsync(path, READ, WRITE, CREATE).join();
    }

    /** Completes when the record is on the disk. After a failure every later append fails. */
    public synchronized CompletableFuture<?> append(byte[] content) {
        ByteBuffer record = ByteBuffer.allocateDirect(HEAD + content.length);
        record.putInt(content.length).putInt(checksum(content)).put(content).flip();
        long position = end;
        end += HEAD + content.length;
        last = last.thenCompose(before ->
                ring.linkAsync(chain -> chain.write(file, record, position).syncData(file)));
        return last;
    }

    /** Every whole record. What a crash has cut off is written over by the next append. */
    public synchronized List<byte[]> recover() {
        List<byte[]> records = new ArrayList<>();
        end = 0;
        for (byte[] content = recordAt(0); content.length > 0; content = recordAt(end)) {
            records.add(content);
            end += HEAD + content.length;
        }
        return records;
    }

    /** Empty if there is none: a record of no bytes would be no record. */
    private byte[] recordAt(long position) {
        long left = file.sizeAsync().join() - position - HEAD;
        if (left < 0) {
            return new byte[0];
        }
        ByteBuffer head = ByteBuffer.allocateDirect(HEAD);
        file.readFullyAsync(head, position).join();
        head.flip();
        int length = head.getInt();
        int checksum = head.getInt();
        if (length <= 0 || length > left) {
            return new byte[0];
        }
        ByteBuffer content = ByteBuffer.allocate(length);
        file.readFullyAsync(content, position + HEAD).join();
        return checksum(content.array()) == checksum ? content.array() : new byte[0];
    }

    private static int checksum(byte[] content) {
        CRC32 sum = new CRC32();
        sum.update(content);
        return (int) sum.getValue();
    }

    @Override
    public void close() {
        file.close();
    }
}
// snippet-end: journal
