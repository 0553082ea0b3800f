package dev.ringflow.file;

import java.util.List;

/**
 * What a {@link Chain} did, all of whose members are done. Immutable.
 *
 * @param members the members in their order
 */
public record ChainResult(List<ChainMember> members) {
    /**
     * Keeps a copy.
     *
     * @param members the members in their order
     */
    public ChainResult {
        members = List.copyOf(members);
    }

    /**
     * How many bytes a member read or wrote: always all that it was asked.
     *
     * @param index which member, the first is 0
     * @return bytes, 0 for operations that move none
     * @throws IndexOutOfBoundsException if there is no such member
     */
    public int bytes(int index) {
        return members.get(index).bytes();
    }
}
