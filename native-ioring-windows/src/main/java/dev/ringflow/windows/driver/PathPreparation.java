package dev.ringflow.windows.driver;

import dev.ringflow.nio.JdkCalls;
import dev.ringflow.spi.OpCode;
import dev.ringflow.spi.Operation;
import dev.ringflow.windows.internal.Libraries;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** The operations on names and attributes: the JDK's blocking calls, by helper threads. */
final class PathPreparation extends Preparation {
    PathPreparation(DriverCore core) {
        super(core);
    }

    @Override
    void start(Operation operation) {
        ByteBuffer memory = operation.opCode() == OpCode.SET_ATTRIBUTE ? memory(operation) : null;
        core.helpers().run(new Job(operation, memory));
    }

    /** What waits for a thread is cancelled by {@link HelperThreads#cancel}. */
    @Override
    void cancel(Operation operation) {}

    private static final class Job extends HelperJob {
        private final @Nullable ByteBuffer memory;
        private @Nullable Object answer;
        private int result;

        Job(Operation operation, @Nullable ByteBuffer memory) {
            super(operation);
            this.memory = memory;
        }

        @Override
        void call() throws IOException {
            switch (operation().opCode()) {
                case STAT_PATH ->
                    answer = Libraries.isWindows()
                            ? HandleStat.of(
                                    operation(), operation().path(), operation().flags() != 1)
                            : JdkCalls.ask(operation());
                case GET_ATTRIBUTE, LIST_ATTRIBUTES -> answer = JdkCalls.ask(operation());
                case RENAME -> PathRename.call(operation());
                default -> result = JdkCalls.change(operation(), memory);
            }
        }

        @Override
        void tell(Completions completions) {
            if (answer != null) {
                completions.answered(operation(), answer);
            } else {
                completions.done(operation(), result);
            }
        }
    }
}
