package dev.ringflow.examples

import dev.ringflow.Ring
import dev.ringflow.RingOptions
import io.kotest.core.test.Enabled
import java.io.ByteArrayOutputStream
import java.io.PrintStream
import java.nio.file.Files
import java.nio.file.Path
import java.security.MessageDigest
import java.util.HexFormat
import java.util.concurrent.TimeUnit
import kotlin.io.path.listDirectoryEntries
import kotlin.io.path.name
import kotlin.io.path.writeBytes

/** What a command line printed, and how it ended. */
class Outcome(val code: Int, val out: String, val err: String) {
    override fun toString() = "exit code $code\n$out\n$err"
}

/** Runs a command line in this process. */
fun inProcess(vararg args: String): Outcome {
    val (out, err) = System.out to System.err
    val outBytes = ByteArrayOutputStream()
    val errBytes = ByteArrayOutputStream()
    System.setOut(PrintStream(outBytes, true))
    System.setErr(PrintStream(errBytes, true))
    try {
        val code = ringflow(args.asList())
        return Outcome(code, outBytes.toString(), errBytes.toString())
    } finally {
        System.setOut(out)
        System.setErr(err)
    }
}

/** Starts a command line in a process of its own, after the words of [prefix]. */
fun start(vararg args: String, prefix: List<String> = emptyList()): Process =
    ProcessBuilder(prefix + javaCommand() + args).redirectError(ProcessBuilder.Redirect.DISCARD).start()

/** The words that run the command line in a process of its own. */
fun javaCommand(): List<String> = buildList {
    add(Path.of(System.getProperty("java.home"), "bin", "java").toString())
    addAll(listOf("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"))
    if (Runtime.version().feature() >= 22) {
        add("--enable-native-access=ALL-UNNAMED")
    }
    addAll(listOf("-cp", System.getProperty("surefire.test.class.path") ?: System.getProperty("java.class.path")))
    add("dev.ringflow.examples.MainKt")
}

/** Runs a command in a process of its own, and answers with all that it printed, errors as well. */
fun process(command: List<String>): Outcome {
    val process = ProcessBuilder(command).redirectErrorStream(true).start()
    val out = process.inputStream.readAllBytes().decodeToString()
    check(process.waitFor(60, TimeUnit.SECONDS)) { "$command did not end" }
    return Outcome(process.exitValue(), out, "")
}

/** The drivers that work here. */
fun drivers(): List<String> = Ring.drivers().filter { it.isUsable }.map { it.driver() }

fun openRing(driver: String): Ring = Ring.open(RingOptions.builder().driver(driver).build())

/** A file of content that looks random. */
fun file(directory: Path, name: String, size: Int): Path = directory.resolve(name).also { it.writeBytes(content(size)) }

fun content(size: Int): ByteArray = java.nio.ByteBuffer.allocate(size).also(SplitMix64(size.toLong())::fill).array()

fun sha256(file: Path): String =
    HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file)))

fun names(directory: Path): List<String> = directory.listDirectoryEntries().map { it.name }.sorted()

fun unfinished(directory: Path): List<Path> = directory.listDirectoryEntries(".*.ringflow-*.part")

/** Waits until something is so. */
fun await(what: String, seconds: Long = 30, condition: () -> Boolean) {
    val deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds)
    while (!condition()) {
        check(System.nanoTime() < deadline) { "Waited in vain for $what" }
        Thread.sleep(1)
    }
}

/** For a test that needs something to be so: skipped, with the reason, where it is not. */
fun onlyIf(condition: Boolean, otherwise: String): Enabled =
    if (condition) Enabled.enabled else Enabled.disabled(otherwise)

/** For a test that needs a command to work: skipped, with the reason, where it does not. */
fun needs(vararg command: String): Enabled = try {
    val code = ProcessBuilder(*command).redirectErrorStream(true).start().also {
        it.inputStream.readAllBytes()
    }.waitFor()
    if (code == 0) Enabled.enabled else Enabled.disabled("${command.joinToString(" ")} answers $code here")
} catch (e: java.io.IOException) {
    Enabled.disabled("there is no ${command.first()} here: ${e.message}")
}
