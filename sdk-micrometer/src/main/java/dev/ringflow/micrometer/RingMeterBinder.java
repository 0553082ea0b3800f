package dev.ringflow.micrometer;

import dev.ringflow.Ring;
import dev.ringflow.RingGroup;
import dev.ringflow.RingMetrics;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * Shows the {@link RingMetrics} of rings in a meter registry: what only grows as counters, such as
 * {@code ringflow.operations.completed}, and what goes up and down as gauges, such as {@code ringflow.buffers.out}. Each
 * meter has the tags {@code ring}, which is {@link Ring#name()}, and {@code driver}.
 *
 * <p>Nothing is measured until the registry reads, on whatever thread that happens, and that stops no loop. The registry
 * does not keep a ring alive. Of a ring that is closed the last numbers stay until {@link #close()}, which takes the meters
 * out of every registry that they were bound to. Any thread may use it.
 */
public final class RingMeterBinder implements MeterBinder, AutoCloseable {
    private record Bound(MeterRegistry registry, Meter meter) {}

    private final List<Ring> rings;
    private final Tags tags;
    private final Queue<Bound> bound = new ConcurrentLinkedQueue<>();

    private RingMeterBinder(List<Ring> rings, Iterable<Tag> tags) {
        this.rings = rings;
        this.tags = Tags.of(tags);
    }

    /**
     * For one ring.
     *
     * @param ring the ring
     * @param tags further tags, in pairs of name and value
     * @return a binder, to be bound to a registry
     * @throws IllegalArgumentException if a value is missing
     */
    public static RingMeterBinder of(Ring ring, String... tags) {
        return new RingMeterBinder(List.of(ring), Tags.of(tags));
    }

    /**
     * For each ring of a group.
     *
     * @param group the group
     * @param tags further tags, in pairs of name and value
     * @return a binder, to be bound to a registry
     * @throws IllegalArgumentException if a value is missing
     */
    public static RingMeterBinder of(RingGroup group, String... tags) {
        return new RingMeterBinder(group.rings(), Tags.of(tags));
    }

    /**
     * Registers the meters. A registry that has them already is left as it is.
     *
     * @param registry where to show them
     */
    @Override
    public void bindTo(MeterRegistry registry) {
        for (Ring ring : rings) {
            Tags all = tags.and("ring", ring.name(), "driver", ring.driver());
            for (RingMeter each : RingMeter.values()) {
                bound.add(new Bound(registry, register(each, ring, all, registry)));
            }
        }
    }

    private static Meter register(RingMeter meter, Ring ring, Tags tags, MeterRegistry registry) {
        if (meter.counts()) {
            return FunctionCounter.builder(meter.id(), ring, from -> meter.of(from.metrics()))
                    .description(meter.description())
                    .tags(tags)
                    .register(registry);
        }
        return Gauge.builder(meter.id(), ring, from -> meter.of(from.metrics()))
                .description(meter.description())
                .tags(tags)
                .register(registry);
    }

    /** Takes the meters out of the registries. Closing again has no effect. */
    @Override
    public void close() {
        for (Bound each = bound.poll(); each != null; each = bound.poll()) {
            each.registry.remove(each.meter);
        }
    }

    @Override
    public String toString() {
        return "RingMeterBinder[" + rings.size() + " rings, " + bound.size() + " meters]";
    }
}
