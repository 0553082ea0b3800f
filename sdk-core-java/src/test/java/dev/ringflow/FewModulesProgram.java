package dev.ringflow;

import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;

/** Reads a file on a ring in a JVM that has neither {@code java.management} nor {@code jdk.jfr}. */
final class FewModulesProgram {
    private FewModulesProgram() {}

    public static void main(String[] arguments) throws Exception {
        Path file = Files.write(Files.createTempFile("few", "modules"), new byte[8]);
        try (Ring ring = NioRings.open()) {
            var opened = ring.openFileAsync(file).get();
            System.out.println(
                    "read " + opened.readAsync(ByteBuffer.allocateDirect(8), 0).get());
            System.out.println("jfr " + ModuleLayer.boot().findModule("jdk.jfr").isPresent());
            System.out.println("management "
                    + ModuleLayer.boot().findModule("java.management").isPresent());
        } finally {
            Files.delete(file);
        }
        System.out.println("closed");
    }
}
