package dev.ringflow.file;

import java.io.IOException;
import java.util.List;

/**
 * A member of a {@link Chain} failed. The cause says why; further failures, which there are only in chains that go on,
 * are suppressed exceptions.
 */
public class ChainException extends IOException {
    private static final long serialVersionUID = 1L;

    private final int failedIndex;
    private final transient List<ChainMember> members;

    ChainException(List<ChainMember> members, int failedIndex, Throwable cause) {
        super(
                "Member " + (failedIndex + 1) + " of " + members.size() + " failed, "
                        + members.get(failedIndex).operation() + " of "
                        + members.get(failedIndex).path() + ": " + cause.getMessage() + consequence(members),
                cause);
        this.members = List.copyOf(members);
        this.failedIndex = failedIndex;
    }

    private static String consequence(List<ChainMember> members) {
        long cancelled = members.stream()
                .filter(each -> each.outcome() == ChainMember.Outcome.CANCELLED)
                .count();
        return cancelled == 0 ? "" : " (" + cancelled + " cancelled after it)";
    }

    /**
     * Which member failed, the first if there were several.
     *
     * @return its index, 0 for the first
     */
    public int failedIndex() {
        return failedIndex;
    }

    /**
     * The member that failed.
     *
     * @return what it was and what it did
     */
    public ChainMember failedMember() {
        return members.get(failedIndex);
    }

    /**
     * What became of all members.
     *
     * @return an unmodifiable list in their order
     */
    public List<ChainMember> members() {
        return members;
    }
}
