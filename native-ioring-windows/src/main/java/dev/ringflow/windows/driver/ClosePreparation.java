package dev.ringflow.windows.driver;

import dev.ringflow.spi.OpCode;
import dev.ringflow.spi.Operation;

/** Closing, each thing in its own way, and doing nothing. Neither can be cancelled. */
final class ClosePreparation extends Preparation {
    ClosePreparation(DriverCore core) {
        super(core);
    }

    @Override
    void start(Operation operation) {
        if (operation.opCode() == OpCode.NOP) {
            core.completions().done(operation, 0);
            return;
        }
        HandleState state = state(operation, HandleState.class);
        core.closed(state);
        state.close(operation);
    }

    @Override
    void cancel(Operation operation) {}
}
