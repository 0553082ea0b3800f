package dev.ringflow.uring.driver;

import dev.ringflow.spi.DriverCounters;
import dev.ringflow.spi.OpCode;
import dev.ringflow.spi.Operation;
import dev.ringflow.spi.ResultCodes;
import dev.ringflow.uring.Sqe;
import dev.ringflow.uring.UringConstants;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * Chains of operations as linked entries. All entries are there before the first is filled: a submission between two of
 * them would cut the chain. Confined to the loop thread.
 */
final class LinkedChains {
    /** Operations of one entry, which fail when they move too few bytes. */
    private static final Set<OpCode> LINKABLE = EnumSet.of(
            OpCode.NOP,
            OpCode.READ,
            OpCode.WRITE,
            OpCode.SYNC,
            OpCode.SYNC_RANGE,
            OpCode.TRUNCATE,
            OpCode.ALLOCATE,
            OpCode.PUNCH_HOLE);

    /** Where the ring cannot truncate, that takes more than one entry, or a helper thread. */
    private final boolean truncates;

    private final Entries entries;
    private final Preparations preparations;
    private final SlotTable slots;
    private final Backlog backlog;
    private final DriverCounters counters;
    /** By slot: the user data of its last use as member of a chain. */
    private long[] linked = new long[0];

    LinkedChains(
            KernelSupport support,
            Entries entries,
            Preparations preparations,
            SlotTable slots,
            Backlog backlog,
            DriverCounters counters) {
        this.truncates = support.ftruncate();
        this.entries = entries;
        this.preparations = preparations;
        this.slots = slots;
        this.backlog = backlog;
        this.counters = counters;
    }

    boolean canLink(List<Operation> chain) {
        if (chain.size() > entries.size()) {
            return false;
        }
        for (Operation each : chain) {
            Preparation preparation = preparations.of(each);
            if (!LINKABLE.contains(each.opCode())
                    || (each.opCode() == OpCode.TRUNCATE && !truncates)
                    || each.timeoutNanos() > 0
                    || preparation.needsHelper(each)
                    || preparation.isDoneByCalls(each)) {
                return false;
            }
        }
        return true;
    }

    /** Prepares a chain. What cannot be prepared ends it there. */
    void start(List<Operation> chain, boolean goOn) {
        int link = goOn ? UringConstants.IOSQE_IO_HARDLINK : UringConstants.IOSQE_IO_LINK;
        Sqe before = null;
        boolean broken = false;
        for (Operation each : chain) {
            slots.take(each);
            counters.submitted().add(1);
            if (broken) {
                backlog.handle(slots.userData(each), ResultCodes.CANCELED, 0);
                continue;
            }
            Sqe sqe = before == null ? entries.first(chain.size()) : entries.next();
            int result = fill(sqe, each);
            if (result < 0) {
                sqe.prepNop(); // an entry that was taken is submitted
                sqe.setData64(Entries.IGNORED);
                backlog.handle(slots.userData(each), result, 0);
                broken = !goOn;
            } else {
                remember(each);
                sqe.setData64(slots.userData(each));
            }
            if (before != null && !broken) {
                before.addFlags(link);
            }
            before = sqe;
        }
    }

    private int fill(Sqe sqe, Operation member) {
        try {
            Preparation preparation = preparations.of(member);
            int result = preparation.before(member, counters);
            if (result >= 0) {
                preparation.write(sqe, member);
            }
            return Math.min(0, result);
        } catch (RuntimeException e) {
            member.failure(e);
            return ResultCodes.FAILED;
        }
    }

    private void remember(Operation member) {
        int slot = member.slot();
        if (slot >= linked.length) {
            linked = Arrays.copyOf(linked, Math.max(64, Integer.highestOneBit(slot) * 2));
        }
        linked[slot] = slots.userData(member);
    }

    boolean isLinked(Operation operation) {
        int slot = operation.slot();
        return slot >= 0 && slot < linked.length && linked[slot] == slots.userData(operation);
    }
}
