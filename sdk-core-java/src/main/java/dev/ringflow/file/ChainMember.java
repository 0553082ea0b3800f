package dev.ringflow.file;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** What became of one member of a {@link Chain}. Immutable. */
public final class ChainMember {
    /** How a member ended. */
    public enum Outcome {
        /** It has done all that it was asked. */
        DONE,
        /** It failed, or moved fewer bytes than it was asked; {@link ChainMember#failure()} says why. */
        FAILED,
        /** It was not started, or called off, because a member before it failed or the chain was cancelled. */
        CANCELLED
    }

    private final String operation;
    private final Path path;
    private final Outcome outcome;
    private final int bytes;
    private final @Nullable Throwable failure;

    ChainMember(String operation, Path path, Outcome outcome, int bytes, @Nullable Throwable failure) {
        this.operation = operation;
        this.path = path;
        this.outcome = outcome;
        this.bytes = bytes;
        this.failure = failure;
    }

    /**
     * What it was.
     *
     * @return such as {@code write}
     */
    public String operation() {
        return operation;
    }

    /**
     * On which file.
     *
     * @return the path that the file was opened with
     */
    public Path path() {
        return path;
    }

    /**
     * How it ended.
     *
     * @return the outcome
     */
    public Outcome outcome() {
        return outcome;
    }

    /**
     * How many bytes it read or wrote, also if it failed because those were too few.
     *
     * @return bytes, 0 for operations that move none
     */
    public int bytes() {
        return bytes;
    }

    /**
     * Why it failed or was cancelled.
     *
     * @return null if it is done
     */
    public @Nullable Throwable failure() {
        return failure;
    }

    @Override
    public String toString() {
        return operation + " of " + path + ": " + outcome.name().toLowerCase(java.util.Locale.ROOT)
                + (bytes > 0 ? ", " + bytes + " bytes" : "");
    }
}
