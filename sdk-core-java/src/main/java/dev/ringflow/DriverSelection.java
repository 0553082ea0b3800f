package dev.ringflow;

import dev.ringflow.DriverAvailability.Reason;
import dev.ringflow.spi.DriverProvider;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/** Finds the drivers that are there, and opens the best one that works. */
final class DriverSelection {
    private static final System.Logger LOG = System.getLogger("dev.ringflow");
    /** Drivers whose absence has been told already: once in a process is enough. */
    private static final Set<String> TOLD = ConcurrentHashMap.newKeySet();

    private DriverSelection() {}

    static List<DriverProvider> providers() {
        List<DriverProvider> found = new ArrayList<>();
        for (DriverProvider each : ServiceLoader.load(DriverProvider.class, DriverSelection.class.getClassLoader())) {
            found.add(each);
        }
        found.sort(Comparator.comparingInt(DriverProvider::priority).reversed());
        return found;
    }

    static List<DriverAvailability> availabilities() {
        return providers().stream().map(DriverProvider::availability).toList();
    }

    static EventLoop open(RingOptions options) {
        return open(options, providers());
    }

    /** Opens one of the given drivers, the preferred one first. */
    static EventLoop open(RingOptions options, List<DriverProvider> providers) {
        String wanted = options.driver();
        return wanted == null ? openBest(providers, options) : openNamed(wanted, providers, options);
    }

    private static EventLoop openNamed(String name, List<DriverProvider> providers, RingOptions options) {
        for (DriverProvider each : providers) {
            if (each.name().equals(name)) {
                try {
                    return start(each, options);
                } catch (ExecutionException e) {
                    throw unavailable(
                            "The driver \"" + name + "\" cannot be used", List.of(reason(each, e)), e.getCause());
                }
            }
        }
        throw new UnknownDriverException(
                name, providers.stream().map(DriverProvider::name).toList());
    }

    private static EventLoop openBest(List<DriverProvider> providers, RingOptions options) {
        List<DriverAvailability> failed = new ArrayList<>();
        Throwable last = null;
        for (DriverProvider each : providers) {
            try {
                EventLoop loop = start(each, options);
                tellOnce(each.name(), failed);
                return loop;
            } catch (ExecutionException e) {
                last = e.getCause();
                failed.add(reason(each, e));
            }
        }
        throw unavailable("No driver can be used", failed, last);
    }

    private static EventLoop start(DriverProvider provider, RingOptions options) throws ExecutionException {
        EventLoop loop = EventLoop.start(provider, options);
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    loop.opened().get();
                    return loop;
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** Why a driver could not be opened: its own word, asked for only now, so that opening costs no look before. */
    private static DriverAvailability reason(DriverProvider provider, ExecutionException e) {
        DriverAvailability now = provider.availability();
        return now.isUsable()
                ? new DriverAvailability(provider.name(), Reason.OTHER, String.valueOf(e.getCause()), "")
                : now;
    }

    private static void tellOnce(String used, List<DriverAvailability> passedOver) {
        for (DriverAvailability each : passedOver) {
            if (each.reason() != Reason.OTHER_PLATFORM && TOLD.add(each.driver() + each.reason())) {
                LOG.log(
                        System.Logger.Level.WARNING,
                        "RingFlow uses the driver \"" + used + "\", since \"" + each.driver() + "\" cannot be had: "
                                + each.explanation() + " " + each.advice());
            }
        }
    }

    private static RingUnavailableException unavailable(
            String what, List<DriverAvailability> drivers, @Nullable Throwable cause) {
        StringBuilder message = new StringBuilder(what);
        for (DriverAvailability each : drivers) {
            message.append("\n  ").append(each.driver()).append(": ").append(each.explanation());
            if (!each.advice().isEmpty()) {
                message.append(' ').append(each.advice());
            }
        }
        return new RingUnavailableException(message.toString(), drivers, cause);
    }
}
