package dev.ringflow.tck;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.management.UnixOperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The descriptors for many connections, both ends of which are in this process. Where the limit may be raised it is,
 * and put back afterwards. A system that does not count open files has enough.
 */
final class ManyConnectionsDescriptors implements AutoCloseable {
    private static final int WORTHWHILE = 100;
    /** Classes, listings and other rings have some open, too. */
    private static final int SPARE = 100;

    private final @Nullable UnixOperatingSystemMXBean process;
    private final long limitBefore;

    ManyConnectionsDescriptors() {
        process = ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean unix ? unix : null;
        limitBefore = process == null ? Long.MAX_VALUE : process.getMaxFileDescriptorCount();
    }

    /** What is open now, or nothing where nobody counts. */
    Leftovers now() {
        return process == null ? new Leftovers(new TreeMap<>(), 0, 0) : Leftovers.now();
    }

    /** How many connections can be had, up to those wanted; fewer are printed, and next to none skip the test. */
    int reserve(int wanted) {
        if (process == null) {
            return wanted;
        }
        long open = process.getOpenFileDescriptorCount() + SPARE;
        long needed = open + 2L * wanted;
        if (limitBefore < needed) {
            setLimit(needed);
        }
        long limit = process.getMaxFileDescriptorCount();
        int possible = (int) Math.min(wanted, (limit - open) / 2);
        String advice = "ulimit -n is " + limit + ": raise it to " + needed + " for " + wanted + " connections";
        assumeTrue(possible >= WORTHWHILE, advice);
        if (possible < wanted) {
            System.out.println(advice + "; there are " + possible + " now");
        }
        return possible;
    }

    private static void setLimit(long files) {
        String self = Long.toString(ProcessHandle.current().pid());
        try {
            new ProcessBuilder("prlimit", "--pid", self, "--nofile=" + files)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start()
                    .waitFor(DriverContract.PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (IOException noSuchTool) {
            // then it stays as it is
        } catch (InterruptedException e) {
            throw new AssertionError("The test ran out of time", e);
        }
    }

    @Override
    public void close() {
        if (process != null && process.getMaxFileDescriptorCount() != limitBefore) {
            setLimit(limitBefore);
        }
    }
}
