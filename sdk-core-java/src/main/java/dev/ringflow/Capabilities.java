package dev.ringflow;

import dev.ringflow.spi.OpCode;
import java.util.Collections;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What the driver of a ring can do on this machine, found out by asking the kernel and never by its version number.
 * Immutable; any thread may read it.
 */
public final class Capabilities {
    private final String driver;
    private final Map<OpCode, Support> operations;
    private final boolean registeredBuffers;
    private final boolean mirroredMemory;
    private final boolean cancellation;
    private final Map<String, String> details;

    private Capabilities(Builder builder) {
        this.driver = builder.driver;
        this.operations = Collections.unmodifiableMap(new EnumMap<>(builder.operations));
        this.registeredBuffers = builder.registeredBuffers;
        this.mirroredMemory = builder.mirroredMemory;
        this.cancellation = builder.cancellation;
        this.details = Collections.unmodifiableMap(new LinkedHashMap<>(builder.details));
    }

    /**
     * Begins the capabilities of a driver; for driver authors.
     *
     * @param driver the driver's name
     * @return a builder that knows no operation
     */
    public static Builder builder(String driver) {
        return new Builder(driver);
    }

    /**
     * Whose capabilities these are.
     *
     * @return the driver's name
     */
    public String driver() {
        return driver;
    }

    /**
     * How an operation is done.
     *
     * @param operation the operation
     * @return {@link Support#NONE} if not at all
     */
    public Support support(OpCode operation) {
        return operations.getOrDefault(operation, Support.NONE);
    }

    /**
     * How each operation is done.
     *
     * @return an unmodifiable map; what is missing is {@link Support#NONE}
     */
    public Map<OpCode, Support> operations() {
        return operations;
    }

    /**
     * Whether memory can be registered with the kernel, so that reads and writes spare it the mapping of pages.
     *
     * @return false where pools work with plain memory
     */
    public boolean registeredBuffers() {
        return registeredBuffers;
    }

    /**
     * Whether the same pages can be mapped twice, for {@link dev.ringflow.buffer.MirroredBuffer}.
     *
     * @return false where there is no such buffer
     */
    public boolean mirroredMemory() {
        return mirroredMemory;
    }

    /**
     * Whether an operation that runs can be called off. Where it cannot, cancelling waits until the operation ends.
     *
     * @return true when the kernel cancels
     */
    public boolean cancellation() {
        return cancellation;
    }

    /**
     * What else a person may want to know: kernel, set-up flags, features.
     *
     * @return an unmodifiable map in the order of interest
     */
    public Map<String, String> details() {
        return details;
    }

    /**
     * The same with one more detail; for driver authors.
     *
     * @param name what
     * @param value its value
     * @return new capabilities
     */
    public Capabilities withDetail(String name, String value) {
        Builder builder = new Builder(driver);
        builder.operations.putAll(operations);
        builder.details.putAll(details);
        return builder.registeredBuffers(registeredBuffers)
                .mirroredMemory(mirroredMemory)
                .cancellation(cancellation)
                .detail(name, value)
                .build();
    }

    @Override
    public String toString() {
        return driver + operations + details;
    }

    /** Collects capabilities; for driver authors. Not thread-safe. */
    public static final class Builder {
        private final String driver;
        private final Map<OpCode, Support> operations = new EnumMap<>(OpCode.class);
        private final Map<String, String> details = new LinkedHashMap<>();
        private boolean registeredBuffers;
        private boolean mirroredMemory;
        private boolean cancellation;

        private Builder(String driver) {
            this.driver = driver;
        }

        /**
         * Says how operations are done.
         *
         * @param support how
         * @param which the operations
         * @return this
         */
        public Builder operations(Support support, OpCode... which) {
            for (OpCode each : which) {
                operations.put(each, support);
            }
            return this;
        }

        /**
         * Says whether memory can be registered.
         *
         * @param available true if so
         * @return this
         */
        public Builder registeredBuffers(boolean available) {
            this.registeredBuffers = available;
            return this;
        }

        /**
         * Says whether pages can be mapped twice.
         *
         * @param available true if so
         * @return this
         */
        public Builder mirroredMemory(boolean available) {
            this.mirroredMemory = available;
            return this;
        }

        /**
         * Says whether running operations can be cancelled.
         *
         * @param available true if so
         * @return this
         */
        public Builder cancellation(boolean available) {
            this.cancellation = available;
            return this;
        }

        /**
         * Adds a detail for people.
         *
         * @param name what
         * @param value its value
         * @return this
         */
        public Builder detail(String name, String value) {
            details.put(name, value);
            return this;
        }

        /**
         * Ends the collection.
         *
         * @return the capabilities
         */
        public Capabilities build() {
            return new Capabilities(this);
        }
    }
}
