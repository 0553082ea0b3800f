package dev.ringflow;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class StallReportTest {
    private static final Logger LOGGER = Logger.getLogger("dev.ringflow");

    /** Keeps what is logged of one ring. */
    private static final class Messages extends Handler {
        final BlockingQueue<LogRecord> all = new LinkedBlockingQueue<>();
        private final String ring;

        Messages(String ring) {
            this.ring = ring;
        }

        @Override
        public void publish(LogRecord message) {
            if (message.getMessage().contains(ring)) {
                all.add(message);
            }
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    }

    /** What a user of the library would write. */
    private static void blockingCallback(Messages messages, CountDownLatch held) {
        try {
            while (messages.all.isEmpty()) {
                held.await(1, TimeUnit.MILLISECONDS);
            }
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void callbackThatBlocksUntilItIsToldIsToldOnceByNameWithItsStackAndItsEnd() throws Exception {
        RingOptions options = NioRings.options()
                .threadName("stalling")
                .stallLimit(Duration.ofMillis(50))
                .build();
        try (Ring ring = Ring.open(options)) {
            Messages messages = new Messages(ring.name() + " (nio)");
            LOGGER.addHandler(messages);
            try {
                NioRings.onLoop(ring, () -> blockingCallback(messages, new CountDownLatch(1)));
                LogRecord told = messages.all.poll(30, TimeUnit.SECONDS);
                assertThat(told).isNotNull();
                assertThat(told.getLevel()).isEqualTo(Level.WARNING);
                assertThat(told.getMessage())
                        .startsWith(ring.name() + " (nio) has been held for ")
                        .contains(" ms by ")
                        .contains("dev.ringflow.EventLoop.run");
                assertThat(told.getMessage().lines().skip(1))
                        .allMatch(line -> line.startsWith("\tat "))
                        .anyMatch(line -> line.contains("blockingCallback"));
                LogRecord end = messages.all.poll(30, TimeUnit.SECONDS);
                assertThat(end).isNotNull();
                assertThat(end.getLevel()).isEqualTo(Level.INFO);
                assertThat(end.getMessage()).contains("goes on, after ");
                assertThat(ring.metrics().stalls()).isOne();
            } finally {
                LOGGER.removeHandler(messages);
            }
        }
    }

    private static StackTraceElement frame(String type, String method, int line) {
        return new StackTraceElement(type, method, type.substring(type.lastIndexOf('.') + 1) + ".java", line);
    }

    @Test
    void callbackIsTheFrameNearestToTheLoopThatIsNeitherOursNorTheJdks() {
        assertThat(StallReport.callback(new StackTraceElement[] {
                    frame("java.lang.Thread", "sleep", 1),
                    frame("com.example.Store", "query", 10),
                    frame("com.example.Handler", "completed", 20),
                    frame("com.example.Handler", "completed", 5),
                    frame("com.example.Main$$Lambda$7/0x1", "run", -1),
                    frame("dev.ringflow.internal.Transfer", "end", 30),
                    frame("dev.ringflow.EventLoop", "run", 40),
                    frame("java.lang.Thread", "run", 50)
                }))
                .isEqualTo("com.example.Handler.completed(Handler.java:20)");
        assertThat(StallReport.callback(new StackTraceElement[] {
                    frame("dev.ringflow.examples.Server", "onRequest", 10), frame("dev.ringflow.EventLoop", "run", 40)
                }))
                .startsWith("dev.ringflow.examples.Server.onRequest");
        assertThat(StallReport.callback(new StackTraceElement[] {
                    frame("dev.ringflow.net.Reception", "arm", 10), frame("dev.ringflow.EventLoop", "run", 40)
                }))
                .startsWith("dev.ringflow.net.Reception.arm");
    }

    @Test
    void watchdogIsOneDaemonThreadForAllRings() throws Exception {
        try (Ring one = NioRings.open();
                Ring other = NioRings.open()) {
            NioRings.onLoop(one, () -> {});
            NioRings.onLoop(other, () -> {});
            assertThat(Thread.getAllStackTraces().keySet().stream()
                            .filter(each -> each.getName().equals(Watchdog.THREAD_NAME)))
                    .singleElement()
                    .matches(Thread::isDaemon);
        }
    }
}
