package dev.ringflow.windows.driver;

import dev.ringflow.tck.ListingContract;
import dev.ringflow.windows.Simulators;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(Simulators.class)
final class WindowsListingTest extends ListingContract {
    @Override
    protected String driverName() {
        return "windows";
    }
}
