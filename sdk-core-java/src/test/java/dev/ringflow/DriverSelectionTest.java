package dev.ringflow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ringflow.spi.DriverProvider;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

final class DriverSelectionTest {
    private static final ScriptedDriver.Provider BEST = working("best", 100);
    private static final ScriptedDriver.Provider SECOND = working("second", 0);
    private static final ScriptedDriver.Provider BROKEN =
            new ScriptedDriver.Provider("broken", 200, new IOException("no such luck"), operation -> 0);

    private static ScriptedDriver.Provider working(String name, int priority) {
        return new ScriptedDriver.Provider(name, priority, null, operation -> 0);
    }

    private static String opened(RingOptions options, DriverProvider... providers) {
        EventLoop loop = DriverSelection.open(options, List.of(providers));
        loop.close().join();
        return loop.threadName();
    }

    @Test
    void firstThatWorksIsTaken() {
        assertThat(opened(RingOptions.defaults(), BEST, SECOND)).contains("best");
    }

    @Test
    void nextIsTakenWhereTheFirstCannotBeHad() {
        assertThat(opened(RingOptions.defaults(), BROKEN, SECOND)).contains("second");
    }

    @Test
    void driverThatIsAskedForIsTakenAndNoOther() {
        assertThat(opened(RingOptions.builder().driver("second").build(), BEST, SECOND))
                .contains("second");
        RingOptions broken = RingOptions.builder().driver("broken").build();
        assertThatThrownBy(() -> opened(broken, BROKEN, SECOND))
                .isInstanceOf(RingUnavailableException.class)
                .hasMessageContaining("no such luck")
                .hasMessageContaining("Try again.");
    }

    @Test
    void driversThatAreThereAreNamedWhereOneIsNot() {
        RingOptions unknown = RingOptions.builder().driver("unknown").build();
        assertThatThrownBy(() -> opened(unknown, BEST, SECOND))
                .isInstanceOf(UnknownDriverException.class)
                .hasMessageContaining("unknown")
                .hasMessageContaining("best, second");
    }

    @Test
    void everyReasonIsToldWhereNoneWorks() {
        assertThatThrownBy(() -> opened(RingOptions.defaults(), BROKEN))
                .isInstanceOfSatisfying(RingUnavailableException.class, none -> {
                    assertThat(none.drivers()).hasSize(1);
                    assertThat(none).hasMessageContaining("no such luck");
                });
        assertThatThrownBy(() -> opened(RingOptions.defaults())).isInstanceOf(RingUnavailableException.class);
    }

    @Test
    void driversOnTheClassPathAreOrderedAndNioIsAmongThem() {
        assertThat(Ring.drivers()).extracting(DriverAvailability::driver).contains("nio");
        assertThat(DriverSelection.providers())
                .isSortedAccordingTo((a, b) -> Integer.compare(b.priority(), a.priority()));
    }
}
