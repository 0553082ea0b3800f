package dev.ringflow.spi;

/**
 * What the core asks of a driver when it opens one.
 *
 * @param entries submission queue entries, 1 to 32768
 * @param completionEntries completion queue entries; 0 leaves the choice to the driver
 * @param fileTable how many direct descriptors may be open at once, 1 or more; the table is made when it is first needed
 * @param modes whom the driver is to have work for it
 */
public record DriverOptions(int entries, int completionEntries, int fileTable, DriverModes modes) {
    /**
     * Without special modes.
     *
     * @param entries submission queue entries
     * @param completionEntries completion queue entries, or 0
     * @param fileTable how many direct descriptors may be open at once
     */
    public DriverOptions(int entries, int completionEntries, int fileTable) {
        this(entries, completionEntries, fileTable, DriverModes.NONE);
    }
}
