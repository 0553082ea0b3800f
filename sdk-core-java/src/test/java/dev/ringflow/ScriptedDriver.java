package dev.ringflow;

import dev.ringflow.spi.CompletionListener;
import dev.ringflow.spi.Driver;
import dev.ringflow.spi.DriverCounters;
import dev.ringflow.spi.DriverOptions;
import dev.ringflow.spi.DriverProvider;
import dev.ringflow.spi.Handle;
import dev.ringflow.spi.NativeMemory;
import dev.ringflow.spi.OpCode;
import dev.ringflow.spi.Operation;
import dev.ringflow.spi.ResultCodes;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A driver that does what a test tells it: delivers short transfers, never completes, fails, or falls ill. */
final class ScriptedDriver implements Driver {
    /** What becomes of an operation that was started. */
    interface Script {
        /** The result, or null to keep it in flight for ever, also when it is cancelled. */
        @Nullable
        Integer result(Operation operation);
    }

    /** Offers a scripted driver. */
    static final class Provider implements DriverProvider {
        private final String name;
        private final int priority;
        private final DriverAvailability availability;
        private final @Nullable IOException refusal;
        private final Script script;

        @Nullable
        ScriptedDriver opened;

        Provider(String name, int priority, @Nullable IOException refusal, Script script) {
            this.name = name;
            this.priority = priority;
            this.refusal = refusal;
            this.script = script;
            this.availability = refusal == null
                    ? DriverAvailability.usable(name, "scripted")
                    : new DriverAvailability(name, DriverAvailability.Reason.OTHER, refusal.getMessage(), "Try again.");
        }

        @Override
        public String name() {
            return name;
        }

        @Override
        public int priority() {
            return priority;
        }

        @Override
        public DriverAvailability availability() {
            return availability;
        }

        @Override
        public Driver open(DriverOptions options, CompletionListener listener) throws IOException {
            if (refusal != null) {
                throw refusal;
            }
            opened = new ScriptedDriver(listener, script);
            return opened;
        }
    }

    private final CompletionListener listener;
    private final Script script;
    private final ArrayDeque<Operation> started = new ArrayDeque<>();
    private final Semaphore wakeups = new Semaphore(0);
    final List<String> calls = java.util.Collections.synchronizedList(new ArrayList<>());
    volatile @Nullable Throwable fault;
    volatile @Nullable RuntimeException nextPollThrows;
    volatile @Nullable Boolean closedDrained;

    private ScriptedDriver(CompletionListener listener, Script script) {
        this.listener = listener;
        this.script = script;
    }

    @Override
    public String name() {
        return "scripted";
    }

    @Override
    public Capabilities capabilities() {
        return Capabilities.builder("scripted").build();
    }

    @Override
    public NativeMemory memory() {
        return new NativeMemory() {
            @Override
            public ByteBuffer allocate(int bytes, int alignment) {
                return ByteBuffer.allocateDirect(bytes);
            }

            @Override
            public int pageSize() {
                return 4096;
            }
        };
    }

    @Override
    public DriverCounters counters() {
        return new DriverCounters();
    }

    @Override
    public void start(Operation operation) {
        calls.add("start " + operation.opCode() + " " + operation.position() + "+" + operation.length());
        started.add(operation);
    }

    @Override
    public void cancel(Operation operation) {
        calls.add("cancel " + operation.opCode());
    }

    @Override
    public int poll(long timeoutNanos) {
        RuntimeException toThrow = nextPollThrows;
        if (toThrow != null) {
            nextPollThrows = null;
            throw toThrow;
        }
        if (started.isEmpty() && timeoutNanos > 0) {
            try {
                boolean woken = wakeups.tryAcquire(timeoutNanos, TimeUnit.NANOSECONDS);
                assert woken || timeoutNanos < Long.MAX_VALUE;
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
        int delivered = 0;
        for (int left = started.size(); left > 0; left--) {
            Operation operation = started.remove();
            Integer result = script.result(operation);
            if (result != null) {
                if (operation.opCode() == OpCode.OPEN || operation.opCode() == OpCode.CONNECT) {
                    operation.resultHandle(new Handle(7));
                }
                listener.completed(operation, result, 0);
                delivered++;
            }
        }
        return delivered;
    }

    @Override
    public void wakeup() {
        wakeups.release();
    }

    @Override
    public Throwable failure(Operation operation, int result) {
        return new IOException("scripted " + result);
    }

    @Override
    public Retry retry(Operation operation, int result) {
        return Retry.NEVER;
    }

    @Override
    public SocketAddress localAddress(Handle handle) {
        return new InetSocketAddress(0);
    }

    @Override
    public SocketAddress remoteAddress(Handle handle) {
        return new InetSocketAddress(0);
    }

    @Override
    public int registerBuffer(ByteBuffer region) {
        calls.add("register");
        return 3;
    }

    @Override
    public void unregisterBuffer(int index) {
        calls.add("unregister " + index);
    }

    @Override
    public @Nullable Throwable fault() {
        return fault;
    }

    @Override
    public void close(boolean drained) {
        closedDrained = drained;
        calls.add("close");
        assert ResultCodes.CANCELED < 0;
    }
}
