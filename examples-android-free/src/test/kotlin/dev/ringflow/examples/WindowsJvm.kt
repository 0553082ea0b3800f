package dev.ringflow.examples

import java.nio.file.Files
import java.nio.file.Path
import java.util.concurrent.TimeUnit
import kotlin.io.path.isDirectory
import kotlin.io.path.listDirectoryEntries
import kotlin.io.path.name

private const val PATIENCE_SECONDS = 300L

/** The Windows JVM and Wine's prefix that native-ioring-windows has in its target directory. */
internal class WindowsJvm {
    private val root: Path = Path.of("..").toAbsolutePath().normalize()
    private val windows = root.resolve("native-ioring-windows")
    private val target = windows.resolve("target")

    /** The directory of the JRE. */
    private val home: Path
        get() = target.resolve("windows").listDirectoryEntries().map { it.resolve("jre") }.single { it.isDirectory() }

    /** System properties that put the simulators in the place of what Wine lacks. */
    val simulators: List<String> = listOf(
        "-Dringflow.windows.ioring=${onWindows(target.resolve("simulators/simioring.dll"))}",
        "-Dringflow.windows.ws2_32=${onWindows(target.resolve("simulators/simrio.dll"))}"
    )

    /** Makes Wine's prefix, and waits until a JVM starts. */
    fun prepare() {
        val outcome = run(listOf("${windows.resolve("src/test/wine/bin/java")}", "-version"))
        check(outcome.code == OK) { "The Windows JVM does not start: $outcome" }
    }

    /** Ends whatever still runs under Wine. */
    fun end() {
        builder(listOf("wineserver", "-k")).start().waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)
    }

    /** The words that run the command line by itself, with options for the JVM before it. */
    fun command(options: List<String>, vararg args: String): List<String> {
        val app = root.resolve("examples-android-free/target")
        val jar = app.listDirectoryEntries("ringflow-examples-*.jar").single { !it.name.endsWith("-sources.jar") }
        return listOf("wine", "${home.resolve("bin/java.exe")}", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1") +
            options + listOf("-cp", "${onWindows(jar)};${onWindows(app.resolve("lib"))}\\*") +
            "dev.ringflow.examples.MainKt" + args
    }

    /** The words that run the batch file in [directory]. */
    fun batch(directory: Path, vararg args: String): List<String> =
        listOf("wine", "cmd", "/c", onWindows(directory.resolve("ringflow.cmd"))) + args

    /** The root of the project, which holds the batch file. */
    fun root(): Path = root

    /** Runs a command under Wine: what it printed, errors as well, and how it ended. */
    fun run(command: List<String>, environment: Map<String, String> = emptyMap()): Outcome {
        val output = Files.createTempFile("ringflow-wine-", ".log")
        try {
            val process = builder(command, environment).redirectOutput(output.toFile()).start()
            if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly()
                error("$command did not end; it printed ${Files.readString(output)}")
            }
            return Outcome(process.exitValue(), Files.readAllBytes(output).decodeToString(), "")
        } finally {
            Files.delete(output)
        }
    }

    /** A process under Wine, not started yet; its errors are in its output. */
    fun builder(command: List<String>, environment: Map<String, String> = emptyMap()): ProcessBuilder =
        ProcessBuilder(command).redirectErrorStream(true).redirectInput(Path.of("/dev/null").toFile()).also {
            it.environment() += mapOf(
                "WINEPREFIX" to "${target.resolve("wineprefix")}",
                "WINEDEBUG" to "-all",
                "WINEDLLOVERRIDES" to "mscoree,mshtml=",
                "JAVA_HOME" to onWindows(home)
            ) + environment
        }

    companion object {
        /** A path as Windows programs see it: Wine calls the root directory drive Z. */
        fun onWindows(path: Path): String = "Z:" + path.toString().replace('/', '\\')
    }
}
