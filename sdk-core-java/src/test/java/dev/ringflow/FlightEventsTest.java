package dev.ringflow;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ringflow.buffer.BufferPool;
import dev.ringflow.buffer.BufferPoolOptions;
import dev.ringflow.buffer.RingBuffer;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a real flight recording has of rings. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class FlightEventsTest {
    @TempDir
    Path directory;

    private interface Body {
        void run(String name) throws Exception;
    }

    private List<RecordedEvent> record(Body body, String... events) throws Exception {
        Path file = directory.resolve("recording.jfr");
        Files.deleteIfExists(file);
        try (Recording recording = new Recording()) {
            for (String each : events) {
                recording.enable("dev.ringflow." + each);
            }
            recording.start();
            body.run("recorded-" + System.nanoTime());
            recording.stop();
            recording.dump(file);
        }
        return RecordingFile.readAllEvents(file).stream()
                .filter(each -> each.getEventType().getName().startsWith("dev.ringflow."))
                .toList();
    }

    private static Ring open(String name) {
        return Ring.open(NioRings.options()
                .threadName(name)
                .stallLimit(Duration.ofMillis(40))
                .build());
    }

    private static List<RecordedEvent> of(List<RecordedEvent> all, String event, String ring) {
        return all.stream()
                .filter(each -> each.getEventType().getName().equals("dev.ringflow." + event))
                .filter(each -> each.getString("ring").startsWith(ring))
                .toList();
    }

    @Test
    void openingAndClosingAreRecordedWithTheRingsName() throws Exception {
        String[] names = new String[1];
        List<RecordedEvent> events = record(
                name -> {
                    try (Ring ring = open(name)) {
                        names[0] = ring.name();
                    }
                },
                "RingOpened",
                "RingClosed");
        assertThat(of(events, "RingOpened", names[0])).singleElement().satisfies(each -> {
            assertThat(each.getString("driver")).isEqualTo("nio");
            assertThat(each.getInt("entries")).isEqualTo(256);
        });
        assertThat(of(events, "RingClosed", names[0]))
                .singleElement()
                .satisfies(each -> assertThat(each.getLong("leftInKernel")).isZero());
    }

    @Test
    void stallIsRecordedWithTheCallbackThatHoldsTheLoop() throws Exception {
        String[] names = new String[1];
        List<RecordedEvent> events = record(
                name -> {
                    try (Ring ring = open(name)) {
                        names[0] = ring.name();
                        NioRings.onLoop(ring, () -> {
                            while (ring.metrics().stalls() == 0) {
                                LockSupport.parkNanos(1_000_000);
                            }
                        });
                        // the watchdog counts before it records: its next look is after that
                        NioRings.onLoop(ring, () -> {
                            while (ring.metrics().stalls() == 1) {
                                LockSupport.parkNanos(1_000_000);
                            }
                        });
                    }
                },
                "LoopStall");
        assertThat(of(events, "LoopStall", names[0])).first().satisfies(each -> {
            assertThat(each.getDuration("held")).isGreaterThanOrEqualTo(Duration.ofMillis(40));
            assertThat(each.getString("loopThread")).isEqualTo(names[0] + " (nio)");
            assertThat(each.getString("loopStack")).contains("FlightEventsTest");
        });
    }

    @Test
    void shortageOfBuffersIsRecordedOfThePoolThatHasIt() throws Exception {
        String[] names = new String[1];
        List<RecordedEvent> events = record(
                name -> {
                    try (Ring ring = open(name);
                            BufferPool pool = ring.bufferPool(BufferPoolOptions.builder()
                                    .bufferSize(64)
                                    .slabSize(1)
                                    .initialSlabs(1)
                                    .maxSlabs(1)
                                    .build())) {
                        names[0] = ring.name();
                        RingBuffer pooled = pool.acquire();
                        RingBuffer plain = pool.acquire();
                        pooled.close();
                        plain.close();
                    }
                },
                "BufferShortage");
        assertThat(of(events, "BufferShortage", names[0])).singleElement().satisfies(each -> {
            assertThat(each.getString("buffers")).startsWith("BufferPool[0/1");
            assertThat(each.getLong("out")).isOne();
        });
    }

    @Test
    void fallbacksAreRecordedOnlyWhenTheyAreAskedFor() throws Exception {
        Path file = Files.write(directory.resolve("file"), new byte[64]);
        Body reading = name -> {
            try (Ring ring = open(name)) {
                var opened = ring.openFileAsync(file).get(30, TimeUnit.SECONDS);
                opened.readAsync(ByteBuffer.allocateDirect(64), 0).get(30, TimeUnit.SECONDS);
                opened.closeAsync().get(30, TimeUnit.SECONDS);
            }
        };
        assertThat(of(record(reading, "Fallback"), "Fallback", "recorded-"))
                .extracting(each -> each.getString("operation") + " " + each.getString("support"))
                .containsExactly("OPEN HELPER_THREAD", "READ HELPER_THREAD", "CLOSE HELPER_THREAD");
        assertThat(of(record(reading), "Fallback", "recorded-")).isEmpty();
    }

    /** With such a period they happen at the beginning and the end of a recording, for which nobody has to wait. */
    @Test
    void statisticsOfEachOpenRingAreRecorded() throws Exception {
        Path file = directory.resolve("statistics.jfr");
        List<String> names;
        try (Ring one = open("statistics");
                Ring other = open("statistics");
                Recording recording = new Recording()) {
            names = List.of(one.name(), other.name());
            recording.enable("dev.ringflow.RingStatistics").with("period", "everyChunk");
            recording.start();
            one.openFileAsync(Files.write(directory.resolve("file"), new byte[1]))
                    .get(30, TimeUnit.SECONDS);
            recording.stop();
            recording.dump(file);
        }
        List<RecordedEvent> events = RecordingFile.readAllEvents(file);
        for (String each : names) {
            assertThat(of(events, "RingStatistics", each)).isNotEmpty();
        }
        List<RecordedEvent> ofFirst = of(events, "RingStatistics", names.get(0));
        RecordedEvent last = ofFirst.get(ofFirst.size() - 1);
        assertThat(last.getLong("completed")).isPositive();
        assertThat(last.getLong("openHandles")).isOne();
        assertThat(last.getLong("fallbacks")).isOne();
    }
}
