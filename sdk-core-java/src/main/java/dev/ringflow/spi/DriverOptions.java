package dev.ringflow.spi;

/**
 * What the core asks of a driver when it opens one.
 *
 * @param entries submission queue entries, 1 to 32768
 * @param completionEntries completion queue entries; 0 leaves the choice to the driver
 */
public record DriverOptions(int entries, int completionEntries) {}
