package dev.ringflow.tck;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ringflow.file.ChunkMismatchException;
import dev.ringflow.file.FileTransfer;
import dev.ringflow.file.HashAlgorithm;
import dev.ringflow.file.HashTree;
import dev.ringflow.file.TransferException;
import dev.ringflow.file.TransferFuture;
import dev.ringflow.file.TransferOptions;
import dev.ringflow.file.TransferResult;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The protocol of transfers as it is written down, and peers that do not keep to it. */
public abstract class PeerProtocolContract extends DriverContract {
    private static final int CHUNK = 4096;
    private static final int CHUNKS = 6;
    private static final int CHUNK_FRAME = 0;
    private static final int HOLE_FRAME = 1;
    private static final int KEPT_FRAME = 2;
    private static final int END_FRAME = 3;
    private static final int DONE_REPLY = 0;
    private static final int FAILED_REPLY = 1;
    private static final int LACKS_REPLY = 3;

    private final byte[] content = Bytes.content((CHUNKS - 1) * CHUNK + 9);
    private Path inbox = Path.of("");

    /** For subclasses. */
    protected PeerProtocolContract() {}

    @BeforeEach
    final void hasAnInbox() throws IOException {
        inbox = Files.createDirectory(directory.resolve("inbox"));
    }

    private List<String> received() {
        try (Stream<Path> all = Files.list(inbox)) {
            return all.map(each -> each.getFileName().toString())
                    .filter(each -> !each.endsWith(".part") && !each.endsWith(".state"))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static ByteBuffer hello(String name, long size) {
        byte[] text = name.getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(80 + text.length)
                .put("RFLX".getBytes(StandardCharsets.US_ASCII))
                .putShort((short) 1)
                .putShort((short) text.length)
                .putInt(0) // BLAKE3
                .putInt(CHUNK)
                .putLong(size)
                .putLong(1_000_000_000)
                .putInt(0)
                .putInt(0644)
                .putLong(42)
                .put(new byte[32])
                .put(text);
    }

    private static byte[] frame(int kind, int index, int length, byte[] hash) {
        return ByteBuffer.allocate(44)
                .put((byte) kind)
                .put(new byte[3])
                .putInt(index)
                .putInt(length)
                .put(hash)
                .array();
    }

    private byte[] chunk(int index) {
        return Arrays.copyOfRange(content, index * CHUNK, Math.min(content.length, (index + 1) * CHUNK));
    }

    private static byte[] hash(byte[] chunk) {
        return new HashTree(HashAlgorithm.BLAKE3).chunk(ByteBuffer.wrap(chunk));
    }

    private byte[] root() {
        List<byte[]> hashes = new ArrayList<>();
        for (int i = 0; i < CHUNKS; i++) {
            hashes.add(hash(chunk(i)));
        }
        return new HashTree(HashAlgorithm.BLAKE3).root(content.length, CHUNK, hashes);
    }

    private static void join(ByteArrayOutputStream all, byte[]... parts) {
        for (byte[] each : parts) {
            all.writeBytes(each);
        }
    }

    /** All that a right sender sends, with the chunks in the order wished. */
    private byte[] rightSender(int... order) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        join(all, hello("file", content.length).array());
        for (int index : order) {
            join(all, frame(CHUNK_FRAME, index, chunk(index).length, hash(chunk(index))), chunk(index));
        }
        join(all, frame(END_FRAME, CHUNKS, 0, root()));
        return all.toByteArray();
    }

    private TransferFuture<TransferResult> receive(TcpPair pair) {
        return FileTransfer.receiveAsync(
                pair.ours(), inbox, TransferOptions.builder().depth(2).build());
    }

    /** Sends bytes to a receiver, closes, and hands on how it ended. */
    private Throwable afterSending(byte[] bytes) throws IOException {
        try (TcpPair pair = TcpPair.accepted(ring())) {
            var receiving = receive(pair);
            try {
                pair.theirs().getOutputStream().write(bytes);
                pair.theirs().shutdownOutput();
            } catch (IOException hungUpOnUs) {
                // it may well
            }
            Throwable failure = failureOf(receiving);
            assertThat(pair.ours().isOpen()).isFalse();
            return failure;
        }
    }

    @Test
    void chunksMayComeInAnyOrder() throws IOException {
        for (int[] order : new int[][] {{0, 1, 2, 3, 4, 5}, {5, 4, 3, 2, 1, 0}, {3, 5, 0, 4, 1, 2}}) {
            try (TcpPair pair = TcpPair.accepted(ring())) {
                var receiving = receive(pair);
                pair.theirs().getOutputStream().write(rightSender(order));
                TransferResult result = await(receiving);
                assertThat(Files.readAllBytes(inbox.resolve("file"))).isEqualTo(content);
                assertThat(result.hash().root()).isEqualTo(root());
                DataInputStream replies = new DataInputStream(pair.theirs().getInputStream());
                assertThat(replies.readByte()).isEqualTo((byte) LACKS_REPLY);
                replies.skipNBytes(3);
                assertThat(replies.readInt()).isEqualTo(1);
                assertThat(replies.readInt()).isZero();
                assertThat(replies.readInt()).isEqualTo(CHUNKS);
                assertThat(replies.readByte()).isEqualTo((byte) DONE_REPLY);
                Files.delete(inbox.resolve("file"));
            }
        }
    }

    @Test
    void senderSpeaksAsItIsWrittenDown() throws IOException {
        Path source = Files.write(directory.resolve("source"), content);
        try (TcpPair pair = TcpPair.connected(ring())) {
            var sending = FileTransfer.sendAsync(
                    pair.ours(),
                    source,
                    TransferOptions.builder()
                            .chunkSize(CHUNK)
                            .hash(HashAlgorithm.BLAKE3)
                            .build());
            DataInputStream in = new DataInputStream(pair.theirs().getInputStream());
            assertThat(new String(in.readNBytes(4), StandardCharsets.US_ASCII)).isEqualTo("RFLX");
            assertThat(in.readShort()).isEqualTo((short) 1);
            assertThat(in.readShort()).isEqualTo((short) "source".length());
            assertThat(in.readInt()).isZero();
            assertThat(in.readInt()).isEqualTo(CHUNK);
            assertThat(in.readLong()).isEqualTo(content.length);
            in.skipNBytes(12 + 4 + 8 + 32);
            assertThat(new String(in.readNBytes(6), StandardCharsets.UTF_8)).isEqualTo("source");
            ByteBuffer lacks = ByteBuffer.allocate(24).putInt(LACKS_REPLY << 24).putInt(2);
            pair.theirs()
                    .getOutputStream()
                    .write(lacks.putInt(0).putInt(2).putInt(4).putInt(1).array());
            int chunks = 0;
            for (int i = 0; i < CHUNKS; i++) {
                int kind = in.readInt() >> 24;
                int index = in.readInt();
                assertThat(in.readInt()).isEqualTo(chunk(index).length);
                assertThat(in.readNBytes(32)).isEqualTo(hash(chunk(index)));
                boolean lacking = index < 2 || index == 4;
                assertThat(kind).isEqualTo(lacking ? CHUNK_FRAME : KEPT_FRAME);
                if (lacking) {
                    assertThat(in.readNBytes(chunk(index).length)).isEqualTo(chunk(index));
                    chunks++;
                }
            }
            assertThat(chunks).isEqualTo(3);
            assertThat(in.readInt() >> 24).isEqualTo(END_FRAME);
            in.skipNBytes(8);
            assertThat(in.readNBytes(32)).isEqualTo(root());
            assertThat(sending).isNotDone();
            pair.theirs().getOutputStream().write(new byte[8]);
            TransferResult sent = await(sending);
            assertThat(sent.bytesMoved()).isEqualTo(3 * CHUNK);
            assertThat(sent.bytesKept()).isEqualTo(content.length - 3 * CHUNK);
        }
    }

    @Test
    void namesThatLeadElsewhereAreRefused() throws IOException {
        for (String name : List.of("..", ".", "../x", "/etc/x", "a/b", "a\\b", "nul\0l", "line\nfeed", "/")) {
            assertThat(afterSending(hello(name, 1).array()))
                    .as(name)
                    .isInstanceOf(TransferException.class)
                    .hasMessageContaining("not a plain name");
        }
        byte[] noText = hello("ab", 1).put(80, (byte) 0xC3).put(81, (byte) 0x28).array();
        assertThat(afterSending(noText)).hasMessageContaining("no text");
        assertThat(afterSending(hello("", 1).array())).hasMessageContaining("name of 0 bytes");
        assertThat(received()).isEmpty();
        assertThat(directory.resolve("x")).doesNotExist();
    }

    @Test
    void impossibleHellosAreRefused() throws IOException {
        List<Consumer<ByteBuffer>> spoilers = List.of(
                hello -> hello.putInt(0, 0x47455420), // "GET "
                hello -> hello.putShort(4, (short) 2),
                hello -> hello.putShort(6, (short) 0xFFFF),
                hello -> hello.put(8, (byte) 7),
                hello -> hello.putInt(12, 0),
                hello -> hello.putInt(12, 5000),
                hello -> hello.putInt(12, Integer.MIN_VALUE),
                hello -> hello.putInt(12, 1 << 30),
                hello -> hello.putLong(16, -1),
                hello -> hello.putLong(16, Long.MAX_VALUE),
                hello -> hello.putLong(16, 1L << 40),
                hello -> hello.putLong(24, Long.MAX_VALUE));
        for (int i = 0; i < spoilers.size(); i++) {
            ByteBuffer hello = hello("file", content.length);
            spoilers.get(i).accept(hello);
            assertThat(afterSending(hello.array())).as("spoiler %d", i).isInstanceOf(TransferException.class);
        }
        try (Stream<Path> all = Files.list(inbox)) {
            assertThat(all).isEmpty();
        }
    }

    @Test
    void impossibleFramesAreRefused() throws IOException {
        byte[] hash = hash(chunk(0));
        List<byte[]> frames = List.of(
                frame(9, 0, CHUNK, hash),
                frame(-1, 0, CHUNK, hash),
                frame(CHUNK_FRAME, -1, CHUNK, hash),
                frame(CHUNK_FRAME, CHUNKS, CHUNK, hash),
                frame(CHUNK_FRAME, Integer.MAX_VALUE, CHUNK, hash),
                frame(CHUNK_FRAME, 0, Integer.MAX_VALUE, hash),
                frame(CHUNK_FRAME, 0, -1, hash),
                frame(CHUNK_FRAME, 0, CHUNK - 1, hash),
                frame(HOLE_FRAME, 0, CHUNK, hash),
                frame(KEPT_FRAME, 0, CHUNK, hash),
                frame(END_FRAME, CHUNKS, 0, hash),
                frame(END_FRAME, 0, 0, hash),
                frame(4, 0, Integer.MAX_VALUE, hash));
        for (int i = 0; i < frames.size(); i++) {
            ByteArrayOutputStream all = new ByteArrayOutputStream();
            join(all, hello("file", content.length).array(), frames.get(i));
            assertThat(afterSending(all.toByteArray())).as("frame %d", i).isInstanceOf(TransferException.class);
            assertThat(received()).isEmpty();
        }
        ByteArrayOutputStream twice = new ByteArrayOutputStream();
        join(twice, hello("file", content.length).array());
        join(twice, frame(CHUNK_FRAME, 0, CHUNK, hash), chunk(0), frame(CHUNK_FRAME, 0, CHUNK, hash), chunk(0));
        assertThat(afterSending(twice.toByteArray())).hasMessageContaining("not missing");
    }

    @Test
    void chunkWithAnotherContentIsNamedAndTheSenderTold() throws IOException {
        byte[] all = rightSender(0, 1, 2, 3, 4, 5);
        all[84 + 3 * (44 + CHUNK) + 44 + 100] ^= 1;
        try (TcpPair pair = TcpPair.accepted(ring())) {
            var receiving = receive(pair);
            pair.theirs().getOutputStream().write(all);
            Throwable failure = failureOf(receiving);
            assertThat(failure).isInstanceOf(ChunkMismatchException.class);
            assertThat(((ChunkMismatchException) failure).index()).isEqualTo(3);
            assertThat(received()).isEmpty();
        }
        try (TcpPair pair = TcpPair.accepted(ring())) {
            var receiving = receive(pair);
            pair.theirs().getOutputStream().write(hello("../x", 5).array());
            failureOf(receiving);
            DataInputStream replies = new DataInputStream(pair.theirs().getInputStream());
            assertThat(replies.readByte()).isEqualTo((byte) FAILED_REPLY);
            replies.skipNBytes(1);
            byte[] text = new byte[replies.readShort()];
            replies.skipNBytes(4);
            replies.readFully(text);
            assertThat(new String(text, StandardCharsets.UTF_8)).contains("not a plain name");
        }
    }

    @Test
    void wrongRootIsNoticed() throws IOException {
        byte[] all = rightSender(0, 1, 2, 3, 4, 5);
        all[all.length - 1] ^= 1;
        assertThat(afterSending(all)).isInstanceOf(TransferException.class).hasMessageContaining("root");
        assertThat(received()).isEmpty();
    }

    @Test
    void conversationsThatBreakOffAnywhereDeliverNothing() throws IOException {
        byte[] all = rightSender(2, 1, 0, 5, 3, 4);
        for (int length = 1; length < all.length; length += length < 200 ? 13 : 1733) {
            assertThat(afterSending(Arrays.copyOf(all, length)))
                    .as("%d bytes", length)
                    .isInstanceOf(IOException.class);
            assertThat(received()).isEmpty();
        }
    }

    @Test
    void noiseDeliversNothing() throws IOException {
        Random random = new Random(4);
        byte[] right = rightSender(0, 1, 2, 3, 4, 5);
        for (int round = 0; round < 60; round++) {
            byte[] noisy = right.clone();
            for (int i = 0; i <= round % 4; i++) {
                noisy[random.nextInt(round % 2 == 0 ? 130 : noisy.length)] ^= (byte) (1 << random.nextInt(8));
            }
            try (TcpPair pair = TcpPair.accepted(ring())) {
                var receiving = receive(pair);
                try {
                    pair.theirs().getOutputStream().write(noisy);
                    pair.theirs().shutdownOutput();
                } catch (IOException hungUpOnUs) {
                    // it may well
                }
                if (outcomeOf(receiving).isEmpty()) { // flipped where nothing depends on it, such as the time
                    assertThat(Files.readAllBytes(await(receiving).path())).isEqualTo(content);
                    Files.delete(await(receiving).path());
                }
                assertThat(received()).isEmpty();
            }
        }
    }

    @Test
    void repliesThatMakeNoSenseEndTheSender() throws IOException {
        Path source = Files.write(directory.resolve("source"), content);
        List<byte[]> replies = List.of(
                new byte[] {9, 0, 0, 0, 0, 0, 0, 0},
                new byte[] {LACKS_REPLY, 0, 0, 0, 0x7F, 0, 0, 0},
                new byte[] {FAILED_REPLY, 0, (byte) 0xFF, (byte) 0xFF, 0, 0, 0, 0},
                new byte[] {DONE_REPLY, 0, 0, 0, 0, 0, 0, 0},
                ByteBuffer.allocate(16)
                        .putInt(LACKS_REPLY << 24)
                        .putInt(1)
                        .putInt(0)
                        .putInt(CHUNKS + 1)
                        .array(),
                ByteBuffer.allocate(16)
                        .putInt(LACKS_REPLY << 24)
                        .putInt(1)
                        .putInt(-1)
                        .putInt(1)
                        .array(),
                ByteBuffer.allocate(16)
                        .putInt(LACKS_REPLY << 24)
                        .putInt(1)
                        .putInt(1)
                        .putInt(Integer.MAX_VALUE)
                        .array(),
                new byte[] {LACKS_REPLY, 0, 0});
        for (int i = 0; i < replies.size(); i++) {
            try (TcpPair pair = TcpPair.connected(ring())) {
                var sending = FileTransfer.sendAsync(
                        pair.ours(),
                        source,
                        TransferOptions.builder()
                                .chunkSize(CHUNK)
                                .hash(HashAlgorithm.BLAKE3)
                                .build());
                pair.theirs().getOutputStream().write(replies.get(i));
                pair.theirs().shutdownOutput();
                assertThat(failureOf(sending)).as("reply %d", i).isInstanceOf(TransferException.class);
                eventually("it is closed", () -> !pair.ours().isOpen());
            }
        }
    }
}
