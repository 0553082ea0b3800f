package dev.ringflow.nio;

import java.nio.file.OpenOption;
import org.jspecify.annotations.Nullable;

/** The JDK's option for direct I/O. It is in a module that not every runtime image has, and so is found by its name. */
final class DirectIoOption {
    private static final String CLASS = "com.sun.nio.file.ExtendedOpenOption";
    private static final @Nullable OpenOption DIRECT = find();

    private DirectIoOption() {}

    private static @Nullable OpenOption find() {
        try {
            for (Object each : Class.forName(CLASS).getEnumConstants()) {
                if (each instanceof OpenOption option && each.toString().equals("DIRECT")) {
                    return option;
                }
            }
        } catch (ClassNotFoundException | LinkageError moduleIsMissing) {
            // the answer is the same as for a JDK whose enum has no such constant
        }
        return null;
    }

    /**
     * The option.
     *
     * @throws UnsupportedOperationException if this JDK has none
     */
    static OpenOption require() {
        if (DIRECT == null) {
            throw new UnsupportedOperationException("DIRECT_IO is not supported by the driver "
                    + NioDriverProvider.NAME + " on this JDK: its runtime image has no module jdk.unsupported with "
                    + CLASS + ".DIRECT");
        }
        return DIRECT;
    }
}
