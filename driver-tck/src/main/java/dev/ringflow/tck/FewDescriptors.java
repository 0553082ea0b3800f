package dev.ringflow.tck;

import dev.ringflow.Ring;
import dev.ringflow.RingOptions;
import dev.ringflow.net.ConnectionStream;
import dev.ringflow.net.RingServerSocket;
import dev.ringflow.net.RingSocket;
import dev.ringflow.spi.DriverProvider;
import java.io.File;
import java.io.IOException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.ServiceLoader;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;

/**
 * A program of its own, for a process with few file descriptors: accepts more connections than it can hold, closes some
 * whenever no more come, and says how many came in all.
 */
final class FewDescriptors {
    private FewDescriptors() {}

    public static void main(String[] arguments) throws Exception {
        int expected = Integer.parseInt(arguments[1]);
        loadClasses(Ring.class, FewDescriptors.class);
        if (hasNoDescriptorLeft()) { // loads what the JDK needs for the question, too
            throw new IllegalStateException("There are too few descriptors to begin with");
        }
        System.getLogger(FewDescriptors.class.getName()).log(System.Logger.Level.INFO, "The logger is loaded");
        try (Ring ring = Ring.open(
                        RingOptions.builder().driver(arguments[0]).entries(8).build());
                RingServerSocket server = DriverContract.await(ring.listenAsync(DriverContract.loopback()));
                ConnectionStream stream = server.connectionStream()) {
            System.out.println("port " + server.localPort());
            List<RingSocket> held = new ArrayList<>();
            int accepted = 0;
            while (accepted < expected) {
                Recorder<RingSocket> next = new Recorder<>();
                stream.next(next);
                while (!next.outcome().isDone()) {
                    if (!isDoneSoon(next) && hasNoDescriptorLeft()) {
                        System.out.println("ran out after " + accepted);
                        held.forEach(each -> DriverContract.await(each.closeAsync()));
                        held.clear();
                    }
                }
                held.add(DriverContract.await(next.outcome()));
                accepted++;
            }
            System.out.println("accepted " + accepted);
        }
    }

    /** Where classes are files, each of them needs a descriptor to be loaded: all are, as long as there are some. */
    private static void loadClasses(Class<?>... ofTheSamePlace) throws Exception {
        List<URL> places = new ArrayList<>();
        for (Class<?> each : ofTheSamePlace) {
            places.add(each.getProtectionDomain().getCodeSource().getLocation());
        }
        for (DriverProvider each : ServiceLoader.load(DriverProvider.class)) {
            places.add(each.getClass().getProtectionDomain().getCodeSource().getLocation());
        }
        for (URL each : places) {
            Path place = Path.of(each.toURI());
            if (Files.isDirectory(place)) {
                try (Stream<Path> files = Files.walk(place)) {
                    for (Path file : files.filter(FewDescriptors::isLoadable).toList()) {
                        String name = place.relativize(file).toString().replace(File.separatorChar, '.');
                        Class.forName(name.substring(0, name.length() - ".class".length()));
                    }
                }
            }
        }
    }

    private static boolean isLoadable(Path file) {
        String name = file.toString();
        return name.endsWith(".class") && !name.endsWith("-info.class") && !name.contains("Contract");
    }

    private static boolean isDoneSoon(Recorder<RingSocket> next) throws Exception {
        try {
            next.outcome().get(100, TimeUnit.MILLISECONDS);
            return true;
        } catch (TimeoutException nothingCame) {
            return false;
        }
    }

    private static boolean hasNoDescriptorLeft() {
        try (var probe = Files.newInputStream(Path.of("/dev/null"))) {
            return probe.read() >= 0;
        } catch (IOException e) {
            return true;
        }
    }
}
