package dev.ringflow.file;

import java.nio.file.Path;

/**
 * The source became larger, smaller or newer while it was read, so that what was read is of no one moment. Nothing
 * stands under the target's name, and nothing is kept.
 */
public final class SourceChangedException extends TransferException {
    private static final long serialVersionUID = 1L;

    private final String source;

    /**
     * Says how it changed.
     *
     * @param source the file
     * @param change what is different from when the transfer began
     */
    public SourceChangedException(Path source, String change) {
        super(source + " changed while it was read: " + change + ". Nothing was put under the target's name. "
                + "Transfer it again when nobody writes to it.");
        this.source = source.toString();
    }

    /**
     * Which file changed.
     *
     * @return its path
     */
    public Path source() {
        return Path.of(source);
    }
}
