package dev.ringflow.file;

/** How a transfer hashes. Both deliver 32 bytes. */
public enum HashAlgorithm {
    /** BLAKE3 with its default of 32 bytes: what {@code b3sum} prints. */
    BLAKE3("BLAKE3"),
    /**
     * SHA-256: what {@code sha256sum} prints. Several times faster than BLAKE3 where the JVM uses the processor's own
     * instructions for it, as on x86-64 and arm64; therefore the default.
     */
    SHA_256("SHA-256");

    /** Bytes of a hash. */
    public static final int LENGTH = 32;

    private final String text;

    HashAlgorithm(String text) {
        this.text = text;
    }

    @Override
    public String toString() {
        return text;
    }
}
