package dev.ringflow.windows.driver;

import dev.ringflow.DriverAvailability;
import dev.ringflow.DriverAvailability.Reason;
import dev.ringflow.windows.internal.Kernel32;
import dev.ringflow.windows.internal.Libraries;
import dev.ringflow.windows.iocp.CompletionPort;
import dev.ringflow.windows.iocp.WinsockException;
import dev.ringflow.windows.ioring.IoRing;
import dev.ringflow.windows.ioring.IoRingAvailability;
import dev.ringflow.windows.rio.Rio;

/** Finds out, by opening one of each, what this Windows has, and what stands in the way. */
final class WindowsAvailability {
    private WindowsAvailability() {}

    static DriverAvailability now() {
        if (!Libraries.isWindows() && System.getProperty(Kernel32.LIBRARY_PROPERTY) == null) {
            return no(
                    Reason.OTHER_PLATFORM,
                    "I/O rings, Registered I/O and completion ports are Windows', and this is "
                            + System.getProperty("os.name") + ".",
                    "");
        }
        String missing = CompletionPort.unavailable();
        if (missing != null) {
            return no(
                    Reason.NATIVE_LIBRARY,
                    missing,
                    "JNR-FFI unpacks its native part to java.io.tmpdir: set -Djffi.extract.dir to a directory that"
                            + " programs may be started from. It has one for x64 and arm64.");
        }
        try (CompletionPort port = CompletionPort.open()) {
            port.handle();
        } catch (WinsockException e) {
            return no(Reason.OTHER, String.valueOf(e.getMessage()), e.advice());
        }
        IoRingAvailability rings = IoRing.availability();
        String sockets = Rio.unavailable();
        return DriverAvailability.usable(
                WindowsDriverProvider.NAME,
                System.getProperty("os.name") + " " + System.getProperty("os.version") + " has completion ports. "
                        + rings.reason() + " " + (sockets == null ? "There is Registered I/O." : sockets));
    }

    private static DriverAvailability no(Reason reason, String explanation, String advice) {
        return new DriverAvailability(WindowsDriverProvider.NAME, reason, explanation, advice);
    }
}
