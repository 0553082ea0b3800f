package dev.ringflow;

import java.util.List;

/** {@link RingOptions.Builder#driver} named a driver that is not on the class path or module path. */
public class UnknownDriverException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    /**
     * Makes one.
     *
     * @param name the name that nobody answers to
     * @param known the names that are there
     */
    public UnknownDriverException(String name, List<String> known) {
        super("No driver is called \"" + name + "\". Known here: " + String.join(", ", known)
                + ". Add the artifact that holds it, such as dev.ringflow:ringflow-uring-linux for \"uring\".");
    }
}
