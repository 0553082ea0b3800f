package dev.ringflow.uring;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Blocks that nobody closed are reported, with the place where they were allocated. */
@Timeout(60)
class MemoryLeakTest {
    private static final String PROPERTY = "dev.ringflow.leakDetection";

    private final Logger logger = Logger.getLogger("dev.ringflow.uring");
    private final Queue<LogRecord> records = new ConcurrentLinkedQueue<>();
    private final Handler handler = new Handler() {
        @Override
        public void publish(final LogRecord log) {
            records.add(log);
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    };

    @BeforeEach
    void listen() {
        System.setProperty(PROPERTY, "true");
        logger.addHandler(handler);
    }

    @AfterEach
    void stop() {
        System.clearProperty(PROPERTY);
        logger.removeHandler(handler);
    }

    private static void forget() {
        Memory.ofPages(12_345);
    }

    private boolean isReported() {
        return records.stream()
                .anyMatch(log -> log.getThrown() != null
                        && java.util.Arrays.stream(log.getThrown().getStackTrace())
                                .anyMatch(frame -> frame.getMethodName().equals("forget")));
    }

    @Test
    void shouldReportABlockThatNobodyClosed() throws Exception {
        forget();
        for (int i = 0; i < 500 && !isReported(); i++) {
            System.gc();
            Thread.sleep(10);
        }
        assertThat(isReported()).isTrue();
    }

    @Test
    void shouldSayNothingOfABlockThatWasClosed() throws Exception {
        Memory.ofPages(12_345).close();
        forget();
        for (int i = 0; i < 500 && !isReported(); i++) {
            System.gc();
            Thread.sleep(10);
        }
        assertThat(records.stream().filter(log -> log.getThrown() != null)).hasSize(1);
    }
}
