package dev.ringflow.micrometer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ringflow.Ring;
import dev.ringflow.RingGroup;
import dev.ringflow.RingMetrics;
import dev.ringflow.RingOptions;
import dev.ringflow.buffer.BufferPool;
import dev.ringflow.buffer.RingBuffer;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class RingMeterBinderTest {
    private static final RingOptions OPTIONS =
            RingOptions.builder().driver("nio").build();

    private final MeterRegistry registry = new SimpleMeterRegistry();

    private double counter(String name, Ring ring) {
        return registry.get(name)
                .tag("ring", ring.name())
                .tag("driver", "nio")
                .functionCounter()
                .count();
    }

    private double gauge(String name, Ring ring) {
        return registry.get(name).tag("ring", ring.name()).gauge().value();
    }

    @Test
    void countersCountAndGaugesFollowWhatTheRingDoes(@TempDir Path directory) throws Exception {
        Path file = Files.write(directory.resolve("a"), new byte[64]);
        try (Ring ring = Ring.open(OPTIONS);
                RingMeterBinder binder = RingMeterBinder.of(ring)) {
            binder.bindTo(registry);
            assertThat(counter("ringflow.operations.completed", ring)).isZero();
            assertThat(gauge("ringflow.handles.open", ring)).isZero();
            var opened = ring.openFileAsync(file).get(30, TimeUnit.SECONDS);
            opened.readAsync(ByteBuffer.allocateDirect(64), 0).get(30, TimeUnit.SECONDS);
            BufferPool pool = ring.bufferPool(64, 2);
            RingBuffer lease = pool.acquire();
            CompletableFuture.runAsync(() -> {}, ring).get(30, TimeUnit.SECONDS); // a driver counts when it has told
            assertThat(counter("ringflow.operations.completed", ring)).isEqualTo(2);
            assertThat(counter("ringflow.operations.fallbacks", ring)).isEqualTo(2);
            assertThat(gauge("ringflow.handles.open", ring)).isOne();
            assertThat(gauge("ringflow.buffers.out", ring)).isOne();
            lease.close();
            assertThat(gauge("ringflow.buffers.out", ring)).isZero();
            pool.close();
        }
    }

    @Test
    void eachNumberOfTheMetricsIsAMeter() {
        try (Ring ring = Ring.open(OPTIONS);
                RingMeterBinder binder = RingMeterBinder.of(ring)) {
            binder.bindTo(registry);
            int numbers = RingMetrics.class.getRecordComponents().length - 1; // the other is the driver's name
            assertThat(registry.getMeters()).hasSize(numbers);
            assertThat(registry.getMeters()).allSatisfy(each -> {
                assertThat(each.getId().getName()).startsWith("ringflow.");
                assertThat(each.getId().getDescription()).isNotBlank();
            });
        }
    }

    // snippet-begin: bind
    static RingMeterBinder show(RingGroup group, MeterRegistry registry) {
        RingMeterBinder binder = RingMeterBinder.of(group, "application", "orders");
        binder.bindTo(registry);
        return binder; // closing it takes the meters out again
    }

    // snippet-end: bind

    @Test
    void ringsOfAGroupAreToldApartByTheirNames() {
        try (RingGroup group = RingGroup.open(OPTIONS, 2);
                RingMeterBinder binder = show(group, registry)) {
            assertThat(binder).hasToString("RingMeterBinder[2 rings, 34 meters]");
            assertThat(registry.find("ringflow.waits")
                            .tag("application", "orders")
                            .meters())
                    .extracting(each -> each.getId().getTag("ring"))
                    .containsExactlyInAnyOrder(
                            group.rings().get(0).name(), group.rings().get(1).name());
        }
    }

    @Test
    void closedBinderLeavesNothingInTheRegistries() {
        try (Ring ring = Ring.open(OPTIONS)) {
            RingMeterBinder binder = RingMeterBinder.of(ring);
            binder.bindTo(registry);
            Meter.Id anybodys = registry.counter("somebody.elses").getId();
            binder.close();
            assertThat(registry.getMeters()).extracting(Meter::getId).containsExactly(anybodys);
            binder.close();
        }
    }

    @Test
    void closedRingKeepsItsLastNumbers() {
        RingMeterBinder binder;
        Ring ring;
        try (Ring open = Ring.open(OPTIONS)) {
            ring = open;
            binder = RingMeterBinder.of(open);
            binder.bindTo(registry);
        }
        assertThat(counter("ringflow.enters", ring)).isEqualTo(ring.metrics().enters());
        assertThat(gauge("ringflow.operations.in.flight", ring)).isZero();
        binder.close();
    }
}
