package dev.ringflow;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import javax.management.MBeanAttributeInfo;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class RingBeansTest {
    private final MBeanServer server = ManagementFactory.getPlatformMBeanServer();

    private static ObjectName name(Ring ring) throws Exception {
        return new ObjectName("dev.ringflow:type=Ring,name=" + ring.name());
    }

    @Test
    void ringIsShownWithItsNumbersUntilItIsClosed(@TempDir Path directory) throws Exception {
        ObjectName name;
        try (Ring ring = NioRings.open()) {
            name = name(ring);
            assertThat(server.getAttribute(name, "Name")).isEqualTo(ring.name());
            assertThat(server.getAttribute(name, "Driver")).isEqualTo("nio");
            assertThat((String[]) server.getAttribute(name, "Details")).isNotEmpty();
            ring.openFileAsync(Files.write(directory.resolve("a"), new byte[1])).get(30, TimeUnit.SECONDS);
            NioRings.onLoop(ring, () -> {});
            assertThat((long) server.getAttribute(name, "Completed")).isPositive();
            assertThat((long) server.getAttribute(name, "OpenHandles")).isOne();
        }
        assertThat(server.isRegistered(name)).isFalse();
    }

    @Test
    void eachNumberOfTheMetricsIsAnAttribute() throws Exception {
        try (Ring ring = NioRings.open()) {
            assertThat(Arrays.stream(server.getMBeanInfo(name(ring)).getAttributes())
                            .map(MBeanAttributeInfo::getName)
                            .map(each -> Character.toLowerCase(each.charAt(0)) + each.substring(1)))
                    .containsAll(Arrays.stream(RingMetrics.class.getRecordComponents())
                            .map(java.lang.reflect.RecordComponent::getName)
                            .toList());
            for (var each : RingMetrics.class.getRecordComponents()) {
                if (each.getType() == long.class) {
                    String attribute = Character.toUpperCase(each.getName().charAt(0))
                            + each.getName().substring(1);
                    long before = (long) each.getAccessor().invoke(ring.metrics());
                    assertThat((long) server.getAttribute(name(ring), attribute))
                            .as(attribute)
                            .isGreaterThanOrEqualTo(before);
                }
            }
        }
    }

    @Test
    void ringThatSwitchedItOffIsNotShown() throws Exception {
        try (Ring ring = Ring.open(NioRings.options().jmx(false).build())) {
            assertThat(server.isRegistered(name(ring))).isFalse();
        }
    }

    @Test
    void nameThatJmxWouldMisreadIsQuoted() throws Exception {
        try (Ring ring = Ring.open(NioRings.options().threadName("a,b=*").build())) {
            ObjectName name = new ObjectName("dev.ringflow:type=Ring,name=" + ObjectName.quote(ring.name()));
            assertThat(server.getAttribute(name, "Name")).isEqualTo(ring.name());
        }
    }
}
