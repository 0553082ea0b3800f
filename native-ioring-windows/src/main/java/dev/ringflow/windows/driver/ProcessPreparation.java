package dev.ringflow.windows.driver;

import dev.ringflow.RingException;
import dev.ringflow.event.ProcessExit;
import dev.ringflow.spi.Operation;

/**
 * The end of processes by their numbers, as the JDK tells it, which has a thread wait for each. How a process has ended is
 * known only to whoever has its {@link Process}.
 */
final class ProcessPreparation extends Preparation {
    /** Done when the process has ended, without a call of its own. */
    private static final class End extends HelperJob {
        End(Operation operation) {
            super(operation);
        }

        @Override
        void call() {}

        @Override
        void tell(Completions completions) {
            completions.answered(operation(), ProcessExit.Reason.UNKNOWN);
        }
    }

    ProcessPreparation(DriverCore core) {
        super(core);
    }

    @Override
    void start(Operation operation) throws RingException {
        long pid = operation.position();
        if (pid < 1) {
            throw new IllegalArgumentException("a process has a number above 0, not " + pid);
        }
        ProcessHandle process = ProcessHandle.of(pid)
                .orElseThrow(() -> new RingException(
                        "wait for process " + pid, 0, "ESRCH", "No such process", "It may have ended already."));
        if (process.pid() == ProcessHandle.current().pid()) {
            throw new UnsupportedOperationException("WAIT_CHILD of this process itself is not supported by the driver "
                    + WindowsDriverProvider.NAME + ": nobody would be left to tell");
        }
        core.helpers().runAfter(process.onExit(), new End(operation));
    }

    @Override
    void cancel(Operation operation) {}
}
