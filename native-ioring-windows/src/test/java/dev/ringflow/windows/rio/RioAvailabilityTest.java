package dev.ringflow.windows.rio;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ringflow.windows.internal.Libraries;
import dev.ringflow.windows.iocp.CompletionPort;
import dev.ringflow.windows.iocp.SimulatedNetwork;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Without simulators, in a process of its own. */
class RioAvailabilityTest {
    @Test
    void saysWhyThereIsNone() throws Exception {
        final Process process = SimulatedNetwork.start(new ProcessBuilder(
                System.getProperty("java.home") + "/bin/java",
                "-Xmx64m",
                "-cp",
                System.getProperty("java.class.path"),
                Plain.class.getName()));
        final String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        if (!Libraries.isWindows()) {
            assertThat(output)
                    .contains("reason: Registered I/O is a part of Windows")
                    .contains("kernel32 is a library of Windows; this is " + System.getProperty("os.name"))
                    .contains("open: UnsupportedOperationException")
                    .contains("port: Completion ports cannot be used");
        } else if (!output.contains("reason: null")) { // Wine has none
            assertThat(output)
                    .contains("reason: WSAIoctl(SIO_GET_MULTIPLE_EXTENSION_FUNCTION_POINTER")
                    .contains("WSAEOPNOTSUPP (10045)")
                    .contains("use WSARecv and WSASend")
                    .contains("open: WinsockException")
                    .contains("port: null");
        }
    }

    /** The process. */
    public static final class Plain {
        private Plain() {}

        public static void main(final String[] arguments) {
            System.out.println("reason: " + Rio.unavailable());
            System.out.println("port: " + CompletionPort.unavailable());
            try {
                Rio.open();
                System.out.println("open: it can be");
            } catch (final Exception e) {
                System.out.println("open: " + e.getClass().getSimpleName());
            }
        }
    }
}
