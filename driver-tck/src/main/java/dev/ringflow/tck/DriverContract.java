package dev.ringflow.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assertions.fail;

import dev.ringflow.DriverAvailability;
import dev.ringflow.Ring;
import dev.ringflow.RingOptions;
import dev.ringflow.WaitMode;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * What all contracts share: a ring of the driver for each test, waits that end, and a look at what is left over.
 *
 * <p>A driver that cannot be used here skips its tests, with the reason. Where that must not happen, set the
 * environment variable {@code RINGFLOW_REQUIRE_} and the driver's name in capitals, such as
 * {@code RINGFLOW_REQUIRE_URING=true}.
 */
@Timeout(value = 180, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
public abstract class DriverContract {
    /** The longest that anything may take that is not measured. */
    protected static final int PATIENCE_SECONDS = Integer.getInteger("ringflow.tck.patience", 30);

    /** A directory on a real disk, empty at first. */
    @TempDir
    protected Path directory;

    private final List<Ring> opened = new ArrayList<>();
    private @Nullable Ring ring;

    /** For subclasses. */
    @SuppressWarnings("NullAway.Init") // directory: set by JUnit
    protected DriverContract() {}

    /**
     * Whose contract it is.
     *
     * @return the driver's name
     */
    protected abstract String driverName();

    /**
     * Whether the driver speaks to Windows, or to what stands for it: then names, pipes and error codes are Windows'.
     *
     * @return true for the driver {@code windows}
     */
    protected final boolean isOfWindows() {
        return driverName().equals("windows");
    }

    /**
     * The name that the driver's platform has for an error.
     *
     * @param errno its name on Linux, such as {@code ENOSPC}
     * @return what {@link dev.ringflow.RingException#codeName()} is to be
     */
    protected final String codeName(String errno) {
        if (!isOfWindows()) {
            return errno;
        }
        return switch (errno) {
            case "ENOSPC" -> "ERROR_DISK_FULL";
            case "EIO" -> "ERROR_IO_DEVICE";
            case "EPIPE" -> "ERROR_BROKEN_PIPE";
            case "ENFILE" -> "ERROR_TOO_MANY_OPEN_FILES";
            default -> errno;
        };
    }

    /**
     * Whether files of the test's directory have attributes of a kind.
     *
     * @param view a name of the JDK's, such as {@code posix} for permissions, or {@code unix} for a file's number
     * @return true if they can be asked for and set
     */
    protected final boolean hasAttributes(String view) {
        return directory.getFileSystem().supportedFileAttributeViews().contains(view);
    }

    /**
     * What a Java program in a process of its own needs to find the driver as this one does.
     *
     * @return arguments for {@code java}, before the class
     */
    static List<String> driverProperties() {
        return System.getProperties().stringPropertyNames().stream()
                .filter(name -> name.startsWith("ringflow.windows."))
                .map(name -> "-D" + name + "=" + System.getProperty(name))
                .toList();
    }

    @BeforeEach
    final void needsTheDriver() {
        requireDriver(driverName());
    }

    /** Skips the test if a driver cannot be used here, with the reason; or fails it where that must not happen. */
    static void requireDriver(String driver) {
        DriverAvailability found = Ring.drivers().stream()
                .filter(each -> each.driver().equals(driver))
                .findFirst()
                .orElseThrow(() -> new AssertionError("No driver is called " + driver));
        boolean required = Boolean.parseBoolean(System.getenv("RINGFLOW_REQUIRE_" + driver.toUpperCase()));
        if (required) {
            assertThat(found.isUsable()).as(found.toString()).isTrue();
        }
        Assumptions.assumeTrue(found.isUsable(), found::explanation);
    }

    @AfterEach
    final void closesItsRings() {
        for (Ring each : opened) {
            await(each.closeAsync());
        }
        if (!opened.isEmpty()) {
            eventually( // until then Windows does not let the directory be deleted
                    "locks of files that are closed are released",
                    () -> Thread.getAllStackTraces().keySet().stream()
                            .noneMatch(thread -> thread.getName().startsWith("ringflow-unlock-")));
        }
    }

    /**
     * The test's ring, opened when it is first asked for.
     *
     * @return a ring with the default sizes
     */
    protected final Ring ring() {
        Ring current = ring;
        if (current == null) {
            current = open(options());
            ring = current;
        }
        return current;
    }

    /**
     * Opens another ring, which is closed after the test.
     *
     * @param options its options
     * @return an open ring
     */
    protected final Ring open(RingOptions.Builder options) {
        Ring another = Ring.open(options.build());
        assertThat(another.driver()).isEqualTo(driverName());
        opened.add(another);
        return another;
    }

    /**
     * Options that ask for the driver.
     *
     * @return a builder
     */
    protected final RingOptions.Builder options() {
        RingOptions.Builder options = RingOptions.builder().driver(driverName());
        modes(options);
        return options;
    }

    /**
     * Sets how the rings of this contract wait; as the system property {@code ringflow.tck.mode} says unless a subclass
     * knows better.
     *
     * @param options what to change
     */
    protected void modes(RingOptions.Builder options) {
        switch (System.getProperty("ringflow.tck.mode", "")) {
            case "busy" -> options.waiting(WaitMode.BUSY_POLL);
            case "hybrid" -> options.waiting(WaitMode.HYBRID);
            case "sqpoll" -> options.submissionThread(Duration.ofMillis(20));
            case "iopoll" -> options.polledCompletions(true);
            default -> {}
        }
    }

    /**
     * Port 0 on the loopback interface.
     *
     * @return an address to listen on
     */
    protected static InetSocketAddress loopback() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    }

    /**
     * Waits for a future that has to succeed.
     *
     * @param <T> its type
     * @param future the future
     * @return its value
     */
    protected static <T extends @Nullable Object> T await(Future<T> future) {
        try {
            return future.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw new AssertionError("It failed", e.getCause());
        } catch (TimeoutException e) {
            throw new AssertionError("Nothing came within " + PATIENCE_SECONDS + " s: " + future, e);
        } catch (InterruptedException e) {
            throw new AssertionError("The test ran out of time", e);
        }
    }

    /**
     * Waits for something of unix sockets that has to succeed, and skips the test where the system has none.
     *
     * @param <T> its type
     * @param future the future
     * @return its value
     */
    protected static <T extends @Nullable Object> T awaitUnix(Future<T> future) {
        Throwable failure = outcomeOf(future).orElse(null);
        if (failure instanceof UnsupportedOperationException) {
            Assumptions.abort("no unix sockets here: " + failure.getMessage());
        }
        return await(future);
    }

    /**
     * Waits for a future that has to fail.
     *
     * @param future the future
     * @return why it failed
     */
    protected static Throwable failureOf(Future<? extends @Nullable Object> future) {
        return outcomeOf(future).orElseThrow(() -> new AssertionError("It did not fail: " + future));
    }

    /**
     * Waits for a future that has to fail because the peer has reset the connection; skips the test where the connection
     * seems to have ended as usual, and the system tells the JDK's own sockets no better.
     *
     * @param future the future
     * @return why it failed
     */
    protected static Throwable resetOf(Future<? extends @Nullable Object> future) {
        java.util.Optional<Throwable> failure = outcomeOf(future);
        if (failure.isEmpty()) {
            PlainReset.require();
        }
        return failureOf(future);
    }

    /**
     * Waits for a future to end one way or the other.
     *
     * @param future the future
     * @return why it failed, or nothing
     */
    protected static java.util.Optional<Throwable> outcomeOf(Future<? extends @Nullable Object> future) {
        Throwable thrown = catchThrowable(() -> future.get(PATIENCE_SECONDS, TimeUnit.SECONDS));
        if (thrown instanceof TimeoutException || thrown instanceof InterruptedException) {
            return fail("Nothing came within " + PATIENCE_SECONDS + " s: " + future);
        }
        boolean wrapped = thrown instanceof ExecutionException || thrown instanceof CompletionException;
        return java.util.Optional.ofNullable(wrapped ? thrown.getCause() : thrown);
    }

    /**
     * Waits until something is true.
     *
     * @param what for the message
     * @param condition asked again and again
     */
    protected static void eventually(String what, BooleanSupplier condition) {
        eventually(() -> what, condition);
    }

    /**
     * Waits until something is true.
     *
     * @param what for the message, made when time has run out
     * @param condition asked again and again
     */
    protected static void eventually(Supplier<String> what, BooleanSupplier condition) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - deadline > 0) {
                fail("Not within " + PATIENCE_SECONDS + " s: " + what.get());
            }
            java.util.concurrent.locks.LockSupport.parkNanos(1_000_000);
        }
    }

    /**
     * Runs something on the loop thread and waits for it.
     *
     * @param <T> its type
     * @param on the ring
     * @param task what to run
     * @return what it returned
     */
    protected static <T extends @Nullable Object> T onLoop(Ring on, Supplier<T> task) {
        return await(CompletableFuture.supplyAsync(task, on));
    }

    /**
     * Keeps a loop from doing anything, until the returned future is completed.
     *
     * @param on the ring
     * @return completing it lets the loop go on
     */
    protected static CompletableFuture<Void> blockLoop(Ring on) {
        CompletableFuture<Void> reached = new CompletableFuture<>();
        CompletableFuture<Void> gate = new CompletableFuture<>();
        on.execute(() -> {
            reached.complete(null);
            gate.orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS)
                    .exceptionally(late -> null)
                    .join();
        });
        await(reached);
        return gate;
    }
}
