package dev.ringflow.benchmarks.report;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The fields of a JSON object, each with the type that it must have. */
final class Fields {
    private final Map<?, ?> map;

    /** @throws IllegalArgumentException if the value is no object */
    Fields(final @Nullable Object value) {
        if (!(value instanceof Map<?, ?> found)) {
            throw new IllegalArgumentException("an object is missing");
        }
        map = found;
    }

    Map<?, ?> map() {
        return map;
    }

    Object get(final String name) {
        final Object value = map.get(name);
        if (value == null) {
            throw new IllegalArgumentException("it has no \"" + name + "\"");
        }
        return value;
    }

    String string(final String name) {
        return get(name).toString();
    }

    boolean bool(final String name) {
        return (Boolean) get(name);
    }

    double number(final String name) {
        return (Double) get(name);
    }

    List<Fields> list(final String name) {
        return ((List<?>) get(name)).stream().map(Fields::new).toList();
    }

    /** Numbers; null is NaN. */
    List<Double> numbers(final String name) {
        return ((List<?>) get(name))
                .stream().map(each -> each == null ? Double.NaN : (Double) each).toList();
    }
}
