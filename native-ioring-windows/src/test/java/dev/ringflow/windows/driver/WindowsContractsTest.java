package dev.ringflow.windows.driver;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ringflow.tck.DriverContract;
import java.io.IOException;
import java.lang.reflect.Modifier;
import java.net.URISyntaxException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** That this driver is held to each contract that there is. */
class WindowsContractsTest {
    /** The classes of a package with a name that ends so, from a directory or an archive. */
    private static List<Class<?>> classes(Class<?> neighbour, String end)
            throws IOException, ReflectiveOperationException {
        String name = neighbour.getPackageName();
        List<Class<?>> found = new ArrayList<>();
        for (String each : names(neighbour, name.replace('.', '/'))) {
            if (each.endsWith(end + ".class")) {
                String simple = each.substring(0, each.length() - ".class".length());
                found.add(Class.forName(name + '.' + simple, false, neighbour.getClassLoader()));
            }
        }
        return found;
    }

    private static List<String> names(Class<?> neighbour, String folder) throws IOException {
        try {
            Path where = Path.of(neighbour
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI());
            if (Files.isDirectory(where)) {
                return names(where.resolve(folder));
            }
            try (FileSystem archive = FileSystems.newFileSystem(where)) {
                return names(archive.getPath(folder));
            }
        } catch (URISyntaxException e) {
            throw new IOException(e);
        }
    }

    private static List<String> names(Path folder) throws IOException {
        try (Stream<Path> all = Files.list(folder)) {
            return all.map(each -> each.getFileName().toString()).toList();
        }
    }

    @Test
    void eachContractIsTested() throws IOException, ReflectiveOperationException {
        List<Class<?>> contracts = classes(DriverContract.class, "Contract");
        assertThat(contracts).hasSizeGreaterThan(70);
        List<Class<?>> tests = classes(WindowsContractsTest.class, "Test");
        assertThat(contracts)
                .allSatisfy(contract -> assertThat(tests)
                        .as("a test that extends " + contract.getSimpleName())
                        .anyMatch(
                                test -> contract.isAssignableFrom(test) && !Modifier.isAbstract(test.getModifiers())));
    }

    /** One by one, so that a class that is shared by several contracts does not stand for them. */
    @Test
    void eachContractThatHasTestsOfItsOwnIsTheParentOfATest() throws IOException, ReflectiveOperationException {
        List<Class<?>> parents = new ArrayList<>();
        for (Class<?> test : classes(WindowsContractsTest.class, "Test")) {
            parents.add(test.getSuperclass());
        }
        List<Class<?>> contracts = classes(DriverContract.class, "Contract");
        List<Class<?>> shared = new ArrayList<>();
        contracts.forEach(each -> shared.add(each.getSuperclass()));
        assertThat(contracts)
                .filteredOn(each -> !shared.contains(each))
                .allSatisfy(each -> assertThat(parents).contains(each));
    }
}
