package dev.ringflow.file;

import java.time.Duration;
import java.util.Objects;

/** How a transfer is done. Immutable; {@link #defaults()} suits most. */
public final class TransferOptions {
    /** The smallest chunk: 4 KiB. */
    public static final int MIN_CHUNK_SIZE = 4096;
    /** The largest chunk: 16 MiB. */
    public static final int MAX_CHUNK_SIZE = 16 << 20;
    /** Chunks of a file, at most. A larger file gets larger chunks: their size is doubled until there are no more. */
    public static final int MAX_CHUNKS = 1 << 22;

    private static final TransferListener NOBODY = progress -> {};
    private static final TransferOptions DEFAULTS = builder().build();

    private final int chunkSize;
    private final int depth;
    private final HashAlgorithm hash;
    private final boolean sync;
    private final boolean verify;
    private final boolean overwrite;
    private final boolean preserve;
    private final boolean directIo;
    private final boolean sparse;
    private final boolean resume;
    private final boolean plainHash;
    private final long checkpoint;
    private final long maxSize;
    private final Duration idleTimeout;
    private final TransferListener listener;

    private TransferOptions(Builder from) {
        this.chunkSize = from.chunkSize;
        this.depth = from.depth;
        this.hash = from.hash;
        this.sync = from.sync;
        this.verify = from.verify;
        this.overwrite = from.overwrite;
        this.preserve = from.preserve;
        this.directIo = from.directIo;
        this.sparse = from.sparse;
        this.resume = from.resume;
        this.plainHash = from.plainHash;
        this.checkpoint = from.checkpoint;
        this.maxSize = from.maxSize;
        this.idleTimeout = from.idleTimeout;
        this.listener = from.listener;
    }

    /**
     * Chunks of 256 KiB, 32 in flight, SHA-256, verified, synced, resumable, sparse, permissions and times kept, nothing
     * overwritten, through the page cache.
     *
     * @return the defaults
     */
    public static TransferOptions defaults() {
        return DEFAULTS;
    }

    /**
     * Begins with the defaults.
     *
     * @return a builder
     */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * The size of a chunk.
     *
     * @return bytes
     */
    public int chunkSize() {
        return chunkSize;
    }

    /**
     * How many chunks are in flight at most.
     *
     * @return the number
     */
    public int depth() {
        return depth;
    }

    /**
     * How chunks are hashed.
     *
     * @return the algorithm
     */
    public HashAlgorithm hash() {
        return hash;
    }

    /**
     * Whether content and name are durable at the end.
     *
     * @return true if so
     */
    public boolean sync() {
        return sync;
    }

    /**
     * Whether what was written is read back and compared.
     *
     * @return true if so
     */
    public boolean verify() {
        return verify;
    }

    /**
     * Whether a file of the target's name is replaced.
     *
     * @return false if it makes the transfer fail
     */
    public boolean overwrite() {
        return overwrite;
    }

    /**
     * Whether the target gets the source's permissions and time of modification.
     *
     * @return true if so
     */
    public boolean preserve() {
        return preserve;
    }

    /**
     * Whether the page cache is bypassed where the file system can.
     *
     * @return true if so
     */
    public boolean directIo() {
        return directIo;
    }

    /**
     * Whether holes stay holes, and chunks of zeros become holes.
     *
     * @return true if so
     */
    public boolean sparse() {
        return sparse;
    }

    /**
     * Whether an interrupted transfer is gone on with.
     *
     * @return true if so
     */
    public boolean resume() {
        return resume;
    }

    /**
     * Whether {@link FileHash#plainHex()} is wanted of {@link FileTransfer#hashAsync}.
     *
     * @return true if so
     */
    public boolean plainHash() {
        return plainHash;
    }

    /**
     * After how many written bytes it is recorded what has been written.
     *
     * @return bytes
     */
    public long checkpoint() {
        return checkpoint;
    }

    /**
     * The largest file that is received.
     *
     * @return bytes
     */
    public long maxSize() {
        return maxSize;
    }

    /**
     * How long a peer may be silent.
     *
     * @return the time
     */
    public Duration idleTimeout() {
        return idleTimeout;
    }

    /**
     * Who is told of the progress.
     *
     * @return the listener
     */
    public TransferListener listener() {
        return listener;
    }

    /** Collects options. */
    public static final class Builder {
        private int chunkSize = 256 * 1024;
        private int depth = 32;
        private HashAlgorithm hash = HashAlgorithm.SHA_256;
        private boolean sync = true;
        private boolean verify = true;
        private boolean overwrite;
        private boolean preserve = true;
        private boolean directIo;
        private boolean sparse = true;
        private boolean resume = true;
        private boolean plainHash;
        private long checkpoint = 64L << 20;
        private long maxSize = Long.MAX_VALUE;
        private Duration idleTimeout = Duration.ofMinutes(1);
        private TransferListener listener = NOBODY;

        private Builder() {}

        /**
         * Sets the size of a chunk; 256 KiB unless told. Both ends of a socket use the sender's. Roots are the same only
         * for the same chunk size.
         *
         * @param bytes a power of two from {@value TransferOptions#MIN_CHUNK_SIZE} to
         *     {@value TransferOptions#MAX_CHUNK_SIZE}
         * @return this
         */
        public Builder chunkSize(int bytes) {
            if (bytes < MIN_CHUNK_SIZE || bytes > MAX_CHUNK_SIZE || Integer.bitCount(bytes) != 1) {
                throw new IllegalArgumentException("A chunk must have a power of two of bytes, from " + MIN_CHUNK_SIZE
                        + " to " + MAX_CHUNK_SIZE + ", got " + bytes);
            }
            this.chunkSize = bytes;
            return this;
        }

        /**
         * Sets how many chunks are in flight at most; 32 unless told. Each takes a buffer of the size of a chunk; a
         * transfer uses fewer where all together would take more than 256 MiB, a receiver where 64 MiB.
         *
         * @param chunks from 1 to 1024
         * @return this
         */
        public Builder depth(int chunks) {
            if (chunks < 1 || chunks > 1024) {
                throw new IllegalArgumentException("depth must be from 1 to 1024, got " + chunks);
            }
            this.depth = chunks;
            return this;
        }

        /**
         * Sets the hash; {@link HashAlgorithm#SHA_256} unless told. Both ends of a socket use the sender's.
         *
         * @param algorithm the hash
         * @return this
         */
        public Builder hash(HashAlgorithm algorithm) {
            this.hash = Objects.requireNonNull(algorithm, "algorithm");
            return this;
        }

        /**
         * Sets whether content and name are durable at the end, see fsync(2); true unless told.
         *
         * @param wanted whether so
         * @return this
         */
        public Builder sync(boolean wanted) {
            this.sync = wanted;
            return this;
        }

        /**
         * Sets whether what was written is read back and its hashes compared; true unless told. What is read comes from
         * the page cache, and says nothing of the disk, unless {@link #directIo} is on.
         *
         * @param wanted whether so
         * @return this
         */
        public Builder verify(boolean wanted) {
            this.verify = wanted;
            return this;
        }

        /**
         * Sets whether a file of the target's name is replaced, in one step at the end; false unless told, and then it
         * makes the transfer fail with {@link java.nio.file.FileAlreadyExistsException}.
         *
         * @param wanted whether so
         * @return this
         */
        public Builder overwrite(boolean wanted) {
            this.overwrite = wanted;
            return this;
        }

        /**
         * Sets whether the target gets the source's permissions (without set-user-id, set-group-id and sticky bit) and
         * time of modification; true unless told.
         *
         * @param wanted whether so
         * @return this
         */
        public Builder preserve(boolean wanted) {
            this.preserve = wanted;
            return this;
        }

        /**
         * Sets whether the page cache is bypassed ({@code O_DIRECT}); false unless told. Where file system or driver
         * refuse, the page cache is used without a word.
         *
         * @param wanted whether so
         * @return this
         */
        public Builder directIo(boolean wanted) {
            this.directIo = wanted;
            return this;
        }

        /**
         * Sets whether holes stay holes, and chunks of nothing but zeros become holes; true unless told. Where the
         * platform tells where holes are, they are not even read.
         *
         * @param wanted whether so
         * @return this
         */
        public Builder sparse(boolean wanted) {
            this.sparse = wanted;
            return this;
        }

        /**
         * Sets whether a transfer goes on where an earlier one of the same source to the same target was interrupted;
         * true unless told. If so, a cancelled, killed or failed one leaves what it has written, hidden next to the
         * target, with a name that ends in {@code .part}, and a list of it that ends in {@code .state}.
         *
         * @param wanted whether so
         * @return this
         */
        public Builder resume(boolean wanted) {
            this.resume = wanted;
            return this;
        }

        /**
         * Sets whether {@link FileTransfer#hashAsync} delivers {@link FileHash#plainHex()} as well; false unless told. It
         * has to be computed in order, so no faster than one processor hashes.
         *
         * @param wanted whether so
         * @return this
         */
        public Builder plainHash(boolean wanted) {
            this.plainHash = wanted;
            return this;
        }

        /**
         * Sets after how many written bytes, or after a second, it is recorded what has been written, so that a later run
         * can go on from there; 64 MiB unless told. With {@link #sync} it is made durable before.
         *
         * @param bytes at least 1
         * @return this
         */
        public Builder checkpoint(long bytes) {
            if (bytes < 1) {
                throw new IllegalArgumentException("checkpoint must be at least 1 byte, got " + bytes);
            }
            this.checkpoint = bytes;
            return this;
        }

        /**
         * Sets the largest file that is received; no limit unless told.
         *
         * @param bytes 0 or more
         * @return this
         */
        public Builder maxSize(long bytes) {
            if (bytes < 0) {
                throw new IllegalArgumentException("maxSize must not be negative, got " + bytes);
            }
            this.maxSize = bytes;
            return this;
        }

        /**
         * Sets how long a peer may be silent before the transfer fails; a minute unless told.
         *
         * @param time more than zero; peers that are busy say so every few seconds, so less than 10 seconds is unwise
         * @return this
         */
        public Builder idleTimeout(Duration time) {
            if (time.isNegative() || time.isZero()) {
                throw new IllegalArgumentException("idleTimeout must be more than zero, got " + time);
            }
            this.idleTimeout = time;
            return this;
        }

        /**
         * Sets who is told of the progress; nobody unless told.
         *
         * @param newListener called on the loop thread
         * @return this
         */
        public Builder listener(TransferListener newListener) {
            this.listener = Objects.requireNonNull(newListener, "listener");
            return this;
        }

        /**
         * Makes the options.
         *
         * @return what was collected
         */
        public TransferOptions build() {
            return new TransferOptions(this);
        }
    }
}
