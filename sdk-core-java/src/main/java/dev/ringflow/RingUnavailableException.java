package dev.ringflow;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** No driver that was asked for could be opened. */
public class RingUnavailableException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient @Nullable List<DriverAvailability> drivers;

    /**
     * Makes one.
     *
     * @param message what was tried
     * @param drivers what was found about each driver that was tried
     * @param cause the failure of the last one, or null
     */
    public RingUnavailableException(String message, List<DriverAvailability> drivers, @Nullable Throwable cause) {
        super(message, cause);
        this.drivers = List.copyOf(drivers);
    }

    /**
     * What was found about each driver that was tried.
     *
     * @return an unmodifiable list; empty after deserialization
     */
    public List<DriverAvailability> drivers() {
        return drivers == null ? List.of() : drivers;
    }
}
