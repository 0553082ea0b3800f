package dev.ringflow.examples

import dev.ringflow.examples.WindowsJvm.Companion.onWindows
import io.kotest.core.spec.style.FunSpec
import io.kotest.engine.spec.tempdir
import io.kotest.matchers.collections.shouldContainExactly
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain
import io.kotest.matchers.string.shouldNotContain
import java.net.Socket
import java.nio.file.Files
import java.nio.file.Path
import java.util.concurrent.TimeUnit
import kotlin.io.path.copyTo
import kotlin.io.path.exists
import kotlin.io.path.listDirectoryEntries
import kotlin.io.path.readBytes
import kotlin.io.path.readText
import kotlin.io.path.writeText

/** Small chunks of it, one at a time, take longer than the time between two entries in the list of what has come. */
private const val LARGE = 24 shl 20

/** A list of this length has more than its head. */
private const val LIST = 1024
private const val INTERRUPTED = 130

/**
 * The command line on a Windows JVM under Wine: with Wine's own overlapped files and sockets, and with the simulators
 * of I/O rings and Registered I/O, which Wine lacks. Only the build with the profile `wine` runs it.
 */
class WindowsCommandsCheck :
    FunSpec({
        val jvm = WindowsJvm()
        val directory = tempdir().toPath()
        val source = file(directory, "source", 1 shl 20)
        val large = file(directory, "large", LARGE)
        var number = 0

        beforeSpec { jvm.prepare() }
        afterSpec { jvm.end() }

        fun listed(place: Path): Long = place.listDirectoryEntries(".*.state").sumOf(Files::size)

        fun place(): Path = Files.createDirectory(directory.resolve("${number++}"))

        for ((way, options) in mapOf("Wine alone" to emptyList(), "simulators" to jvm.simulators)) {
            val simulated = options.isNotEmpty()

            fun run(vararg args: String) = jvm.run(jvm.command(options, *args))

            test("$way: probe tells what Windows has, and nothing of Linux") {
                val outcome = run("probe")
                outcome.code shouldBe OK
                outcome.out shouldContain Regex("windows +usable")
                outcome.out shouldContain "Operations of a ring with driver windows"
                outcome.out shouldContain Regex("completion ports +yes")
                if (simulated) {
                    outcome.out shouldContain Regex("I/O rings +I/O rings of version 400")
                    outcome.out shouldContain Regex("operations \\(\\d+\\) .*READ ")
                    outcome.out shouldContain Regex("Registered I/O +yes")
                } else {
                    outcome.out shouldContain Regex("I/O rings +QueryIoRingCapabilities\\(\\): E_NOTIMPL")
                    outcome.out shouldContain "Connections go by WSARecv and WSASend"
                }
                outcome.out shouldNotContain "RLIMIT"
                outcome.out shouldNotContain "seccomp"
                outcome.out shouldNotContain "ulimit"
            }

            test("$way: demo, every byte and message verified") {
                val outcome = run("demo", "--size", "4M", "--messages", "1000", "--connections", "8")
                outcome.code shouldBe OK
                outcome.out shouldContain "driver windows"
                outcome.out shouldContain "verified: SHA-256 tree of file and copy"
                outcome.out shouldContain "verified: 1,000 messages came back unchanged"
                outcome.out shouldNotContain "??"
            }

            test("$way: a copy that was killed goes on") {
                val place = place()
                val copy = place.resolve("copy")
                val arguments = arrayOf("copy", "--chunk", "4k", onWindows(large), onWindows(copy))
                val slow = jvm.command(options, *arguments, "--depth", "1")
                val process = jvm.builder(slow).redirectOutput(place.resolve("log").toFile()).start()
                await("a list of chunks", seconds = 120) { listed(place) > LIST || !process.isAlive }
                process.destroyForcibly().waitFor(30, TimeUnit.SECONDS) shouldBe true
                copy.exists() shouldBe false
                val outcome = run(*arguments)
                outcome.code shouldBe OK
                outcome.out shouldContain "copied and verified"
                outcome.out shouldContain "of it had come before, in a run that was interrupted"
                copy.readBytes() shouldBe large.readBytes()
                names(place) shouldContainExactly listOf("copy", "log")
            }

            test("$way: echo serves the JDK's clients until Ctrl-C") {
                val process = jvm.builder(jvm.command(options, "echo", "--port", "0")).start()
                try {
                    val out = process.inputStream.bufferedReader()
                    val listening = out.readLine()
                    listening shouldContain "with driver windows"
                    val port = Regex(":(\\d+) ").find(listening)!!.groupValues[1].toInt()
                    val sent = content(300_000)
                    repeat(2) {
                        Socket("127.0.0.1", port).use { client ->
                            Thread { client.getOutputStream().write(sent) }.start()
                            client.getInputStream().readNBytes(sent.size) shouldBe sent
                            client.shutdownOutput()
                            client.getInputStream().read() shouldBe -1
                        }
                    }
                    ProcessBuilder("kill", "-INT", "${process.pid()}").start().waitFor() shouldBe 0
                    out.readText() shouldContain Regex("2 connections \\(\\d open, 0 failed\\), .* sent back")
                    process.waitFor(30, TimeUnit.SECONDS) shouldBe true
                    process.exitValue() shouldBe INTERRUPTED
                } finally {
                    process.destroyForcibly()
                }
            }
        }

        test("ringflow.cmd runs what is built, and passes options, arguments and exit codes on") {
            val place = place()
            val copy = place.resolve("its copy")
            val copied = jvm.run(jvm.batch(jvm.root(), "copy", onWindows(source), onWindows(copy)))
            copied.out shouldContain "copied and verified"
            copied.code shouldBe OK
            copy.readBytes() shouldBe source.readBytes()
            jvm.run(jvm.batch(jvm.root(), "copy", onWindows(source), onWindows(copy))).let {
                it.out shouldContain "exists already"
                it.code shouldBe FAILED
            }
            val options = mapOf("RINGFLOW_OPTS" to "-Dringflow.windows.rio=false -Xmx128m")
            jvm.run(jvm.batch(jvm.root(), "probe", "--such"), options).let {
                it.out shouldContain "no such option --such"
                it.code shouldBe USAGE
            }
            jvm.run(jvm.batch(jvm.root(), "probe"), options).let {
                it.out shouldContain "switched off by"
                it.code shouldBe OK
            }
        }

        test("ringflow.cmd builds where nothing is built, and tells when that fails") {
            val place = Files.createDirectory(place().resolve("a b"))
            jvm.root().resolve("ringflow.cmd").copyTo(place.resolve("ringflow.cmd"))
            val tools = Files.createDirectory(place.resolve("tools"))
            tools.resolve("mvn.cmd").writeText("@echo off\r\necho asked for %*\r\nexit /b 7\r\n")
            val outcome = jvm.run(jvm.batch(place, "probe"), mapOf("WINEPATH" to onWindows(tools)))
            outcome.out shouldContain "the build failed; all of it is in"
            outcome.code shouldBe FAILED
            place.resolve("target/build.log").readText() shouldContain "-pl examples-android-free -am package"
        }

        test("ringflow.cmd says what is missing") {
            val place = place()
            jvm.root().resolve("ringflow.cmd").copyTo(place.resolve("ringflow.cmd"))
            jvm.run(jvm.batch(place, "probe"), mapOf("JAVA_HOME" to "Z:\\nowhere")).let {
                it.out shouldContain "JAVA_HOME is Z:\\nowhere, and there is no bin\\java.exe in it"
                it.code shouldBe FAILED
            }
            jvm.run(jvm.batch(place, "probe")).let {
                it.out shouldContain "there is no mvn"
                it.code shouldBe FAILED
            }
            names(place) shouldContainExactly listOf("ringflow.cmd")
        }
    })
