package dev.ringflow.examples

import io.kotest.core.spec.style.FunSpec
import io.kotest.engine.spec.tempdir
import io.kotest.matchers.collections.shouldContainExactly
import io.kotest.matchers.shouldBe
import io.kotest.matchers.shouldNotBe
import io.kotest.matchers.string.shouldContain
import io.kotest.matchers.string.shouldNotContain
import java.net.InetAddress
import java.net.ServerSocket
import java.nio.file.Files

/** Every bad input: its exit code, its one line, and that nothing is left behind. */
class BadInputTest :
    FunSpec({
        val directory = tempdir().toPath()
        val source = file(directory, "source", 10)
        file(directory, "existing", 10)
        Files.createDirectory(directory.resolve("directory"))
        Files.createDirectories(directory.resolve("outer/source"))
        process(listOf("mkfifo", "$directory/pipe"))
        val before = names(directory)

        fun at(name: String) = "$directory/$name"

        fun refused(code: Int, says: String, vararg args: String) {
            test("ringflow ${args.joinToString(" ").replace("$directory/", "")}") {
                val outcome = inProcess(*args)
                outcome.code shouldBe code
                outcome.err shouldContain says
                outcome.err shouldNotContain "\tat "
                outcome.out shouldBe ""
                names(directory) shouldContainExactly before
            }
        }

        refused(FAILED, "missing: no such file or directory", "copy", at("missing"), at("new"))
        refused(FAILED, "directory: cannot copy it, it is a directory", "copy", at("directory"), at("new"))
        refused(
            FAILED,
            "existing: exists already. Choose another name, or replace it with --force",
            "copy",
            "$source",
            at("existing")
        )
        refused(FAILED, "are the same file", "copy", "$source", "$source")
        refused(FAILED, "are the same file", "copy", "--force", "$source", at("./source"))
        refused(FAILED, "are the same file", "copy", "$source", "$directory")
        refused(FAILED, "source: cannot write it, a directory has that name", "copy", "--force", "$source", at("outer"))
        refused(FAILED, "there is no directory", "copy", "$source", at("nowhere/new"))
        refused(FAILED, "new/: there is no such directory", "copy", "$source", at("new/"))
        refused(FAILED, "/dev/null: cannot copy it, it is not a regular file", "copy", "/dev/null", at("new"))
        refused(FAILED, "pipe: cannot copy it, it is not a regular file", "copy", at("pipe"), at("new"))
        refused(FAILED, "pipe: cannot read it, it is not a regular file", "hash", at("pipe"))
        refused(FAILED, "/dev/null: cannot replace it, it is not a regular file", "copy", "-f", "$source", "/dev/null")
        refused(FAILED, "/proc/self/status changed while it was read", "copy", "/proc/self/status", at("new"))
        refused(USAGE, "missing argument <dst>", "copy", "$source")
        refused(USAGE, "got unexpected extra argument", "copy", "$source", at("a"), at("b"))
        refused(USAGE, "no such option --fast", "copy", "--fast", "$source", at("new"))
        refused(USAGE, "\"many\" is not a size", "copy", "--chunk", "many", "$source", at("new"))
        refused(USAGE, "511 is out of range: from 4 KiB to 16 MiB", "copy", "--chunk", "511", "$source", at("new"))
        refused(USAGE, "65M is out of range", "copy", "--chunk", "65M", "$source", at("new"))
        refused(
            USAGE,
            "\"99999999999999999999\" is not a size",
            "copy",
            "--chunk",
            "99999999999999999999",
            "$source",
            at("new")
        )
        refused(USAGE, "0 is not in the valid range of 1 to 1024", "copy", "--depth", "0", "$source", at("new"))
        refused(
            USAGE,
            "100 chunks of 16 MiB are more than 1 GiB",
            "copy",
            "--chunk",
            "16M",
            "--depth",
            "100",
            "$source",
            at("new")
        )
        refused(USAGE, "5000 is no power of two", "copy", "--chunk", "5000", "$source", at("new"))
        refused(
            USAGE,
            "there is no driver \"fast\". Known here: uring, nio",
            "copy",
            "--driver",
            "fast",
            "$source",
            at("new")
        )
        refused(USAGE, "there is no driver", "probe", "--driver", "")
        refused(FAILED, "missing: no such file or directory", "hash", at("missing"))
        refused(FAILED, "directory: cannot read it, it is a directory", "hash", at("directory"))
        refused(USAGE, "missing argument <file>", "hash")
        refused(USAGE, "--port", "echo", "--port", "65536")
        refused(USAGE, "--port", "echo", "--port", "http")
        refused(FAILED, "no.such.host.invalid: no such host", "echo", "--host", "no.such.host.invalid")
        refused(FAILED, "cannot listen there", "echo", "--host", "192.0.2.1")
        refused(FAILED, "not an address. Write it as host:port", "send", "somewhere", "$source")
        refused(FAILED, "no.such.host.invalid: no such host", "send", "no.such.host.invalid:1", "$source")
        refused(FAILED, "directory: cannot send it, it is a directory", "send", "127.0.0.1:1", at("directory"))
        refused(USAGE, "missing argument", "send", "127.0.0.1:1")
        refused(USAGE, "missing", "receive", at("missing"))
        refused(FAILED, "cannot listen there", "receive", "--host", "192.0.2.1", at("directory"))
        refused(USAGE, "--size", "demo", "--size", "0")
        refused(USAGE, "--messages", "demo", "--messages", "0")
        refused(USAGE, "--connections", "demo", "--connections", "-1")
        refused(USAGE, "--dir", "demo", "--dir", at("missing"))
        refused(USAGE, "--dir", "demo", "--dir", "$source")
        refused(USAGE, "no such subcommand cpoy", "cpoy")
        refused(USAGE, "the script ./ringflow", "bench", "--quick")
        refused(USAGE, "the script ./ringflow", "test", "-X")
        refused(USAGE, "the script ./ringflow", "kernels", "--quick")

        test("a port that is taken") {
            ServerSocket(0, 1, InetAddress.getLoopbackAddress()).use { taken ->
                val outcome = inProcess("echo", "--port", "${taken.localPort}")
                outcome.code shouldBe FAILED
                outcome.err shouldContain "127.0.0.1:${taken.localPort}: cannot listen there"
                outcome.err shouldContain "--port"
            }
        }

        test("a stack trace only if it is wanted") {
            inProcess("hash", at("missing")).err shouldNotContain "NoSuchFileException"
            inProcess("hash", "--debug", at("missing")).err shouldContain "NoSuchFileException"
        }

        test("no arguments: the help, as an error") {
            val outcome = inProcess()
            outcome.code shouldBe USAGE
            (outcome.out + outcome.err) shouldContain "Commands:"
        }

        val commands = listOf("demo", "probe", "copy", "hash", "send", "receive", "echo", "test", "bench", "kernels")
        for (command in commands) {
            test("the help of all knows $command, and $command has a help of its own") {
                inProcess("--help").out shouldContain Regex("(?m)^  $command +\\w")
                if (command !in setOf("test", "bench", "kernels")) {
                    inProcess(command, "--help").let {
                        it.code shouldBe OK
                        it.out shouldContain "--driver=<name>"
                        it.out shouldNotBe inProcess("--help").out
                    }
                }
            }
        }
    })
