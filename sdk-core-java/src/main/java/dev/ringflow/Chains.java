package dev.ringflow;

import dev.ringflow.internal.LinkedOperations;
import dev.ringflow.spi.Driver;
import dev.ringflow.spi.Handle;
import dev.ringflow.spi.Operation;
import dev.ringflow.spi.ResultCodes;
import java.util.List;
import java.util.Objects;

/**
 * Runs chains of operations: in one go where the driver links them, otherwise one after the other. Confined to the loop
 * thread.
 */
final class Chains implements LinkedOperations.Steps {
    private final EventLoop loop;
    private final Activity activity;

    Chains(EventLoop loop, Activity activity) {
        this.loop = loop;
        this.activity = activity;
    }

    /** Starts a chain, whose own operation counts as in flight from now until all members have ended. */
    void start(Operation chain, Driver driver) {
        LinkedOperations linked = Objects.requireNonNull(LinkedOperations.of(chain));
        List<Operation> members = linked.members();
        if (!areOpen(members) || !driver.canLink(members)) {
            loop.fallback(chain);
            linked.startOneByOne(this);
            return;
        }
        linked.startedInOneGo(this);
        for (Operation each : members) {
            activity.begin(each);
            each.state(Operation.State.IN_FLIGHT);
        }
        driver.startLinked(members, linked.isGoingOnAfterFailures());
    }

    /** A member of a closed file fails when its turn comes, after what comes before it was done. */
    private static boolean areOpen(List<Operation> members) {
        for (Operation each : members) {
            Handle handle = each.handle();
            if (handle != null && !handle.isOpen()) {
                return false;
            }
        }
        return true;
    }

    @Override
    public void next(Operation member) {
        loop.begin(member);
    }

    @Override
    public void skip(Operation member) {
        loop.tell(member, ResultCodes.CANCELED, 0);
    }

    @Override
    public void cancel(Operation member) {
        loop.cancelInDriver(member);
    }

    @Override
    public void done(Operation chain) {
        loop.completed(chain, 0, 0);
    }
}
