package dev.ringflow.examples

import io.kotest.core.spec.style.FunSpec
import io.kotest.engine.spec.tempdir
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain
import io.kotest.matchers.string.shouldNotContain
import java.nio.file.Files
import java.nio.file.Path
import kotlin.io.path.createDirectories
import kotlin.io.path.writeText

class ProbeCommandTest :
    FunSpec({
        test("with io_uring").config(
            enabledOrReasonIf = { onlyIf("uring" in drivers(), "io_uring cannot be had here") }
        ) {
            val outcome = inProcess("probe")
            outcome.code shouldBe OK
            outcome.err shouldBe ""
            for (word in listOf("uring", "nio", "READ_FIXED", "NODROP", "RLIMIT_MEMLOCK", "RLIMIT_NOFILE", "NATIVE")) {
                outcome.out shouldContain word
            }
            outcome.out shouldContain Regex("opcodes \\(\\d+\\) +NOP READV")
            outcome.out shouldContain "Operations of a ring with driver uring"
        }

        test("with the driver nio") {
            val outcome = inProcess("probe", "--driver", "nio")
            outcome.code shouldBe OK
            outcome.out shouldContain "Operations of a ring with driver nio"
            outcome.out shouldContain Regex("HELPER_THREAD +OPEN CLOSE READ WRITE")
        }

        test("as JSON") {
            val outcome = inProcess("probe", "--json")
            outcome.code shouldBe OK
            outcome.out shouldContain "\"drivers\": ["
            outcome.out shouldContain Regex("\"ACCEPT_MULTISHOT\": \"(NATIVE|ALTERNATIVE)\"")
            outcome.out.count { it == '{' } shouldBe outcome.out.count { it == '}' }
        }

        test("as JSON, to a program that reads it").config(
            enabledOrReasonIf = { needs("python3", "-c", "import json") }
        ) {
            val script = "import json,sys; d = json.load(sys.stdin); print(d['ring']['operations']['NOP'])"
            val python = ProcessBuilder("python3", "-c", script).redirectErrorStream(true).start()
            python.outputStream.use { it.write(inProcess("probe", "--json").out.toByteArray()) }
            python.inputStream.readAllBytes().decodeToString().trim() shouldBe "NATIVE"
        }

        val withoutUring = Path.of("../scripts/without-uring").toAbsolutePath().normalize()

        fun switchOff(errno: String) = needs("perl", "$withoutUring", errno, "true")

        fun without(errno: String, vararg args: String): Outcome {
            val switched = listOf("perl", "$withoutUring", errno)
            return process(switched + javaCommand() + args)
        }

        for (errno in listOf("EPERM", "ENOSYS")) {
            test("where io_uring is switched off with $errno").config(enabledOrReasonIf = { switchOff(errno) }) {
                val outcome = without(errno, "probe")
                outcome.code shouldBe OK
                outcome.out shouldContain Regex("uring +BLOCKED_BY_SECCOMP +io_uring_setup\\(2\\) answers $errno")
                outcome.out shouldContain Regex("nio +usable")
                outcome.out shouldContain Regex("Advice\\s+uring: io_uring_setup\\(2\\) answers $errno")
                outcome.out shouldContain Regex("seccomp +2 +a filter is in force")
                outcome.out shouldNotContain "opcodes"
                without(errno, "probe", "--driver", "uring").code shouldBe FAILED
                without(errno, "copy", "--driver", "uring", "/etc/hostname", "/tmp/never").let {
                    it.code shouldBe FAILED
                    it.out shouldContain "The driver \"uring\" cannot be used"
                }
                without(errno, "demo", "--size", "100k", "--messages", "20", "--connections", "2").let {
                    it.code shouldBe OK
                    it.out shouldContain "RingFlow uses the driver \"nio\""
                }
            }
        }

        test("limits, read off another machine's files") {
            val proc = tempdir().toPath()
            proc.resolve("self").createDirectories()
            proc.resolve("sys/kernel").createDirectories()
            proc.resolve("self/limits").writeText(
                """
            Limit                     Soft Limit           Hard Limit           Units
            Max locked memory         65536                65536                bytes
            Max open files            unlimited            1048576              files
                """.trimIndent()
            )
            proc.resolve("self/status").writeText("Name:\tjava\nSeccomp:\t2\nSeccomp_filters:\t1\n")
            proc.resolve("sys/kernel/io_uring_disabled").writeText("1\n")
            val limits = SystemLimits(proc)
            limits.lockedMemory shouldBe 65_536
            limits.openFiles shouldBe null
            limits.seccompMode shouldBe 2
            limits.ioUringDisabled shouldBe 1
            limits.all().map { it.value } shouldBe listOf("64 KiB", "unlimited", "1", "2")
            SystemLimits(proc.resolve("nowhere")).all() shouldBe emptyList()
        }
    })
