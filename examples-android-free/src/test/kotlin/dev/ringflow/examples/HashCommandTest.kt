package dev.ringflow.examples

import io.kotest.core.spec.style.FunSpec
import io.kotest.engine.spec.tempdir
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain

class HashCommandTest :
    FunSpec({
        val directory = tempdir().toPath()
        val sizes = listOf(0, 1, 4095, 262_143, 262_144, 262_145, 3_000_001)
        val files = sizes.map { "${file(directory, "of $it", it)}" } +
            listOf("back\\slash", "new\nline", "ümlaut").map { "${file(directory, it, 10)}" }

        for (driver in drivers()) {
            test("$driver: the same as sha256sum, to the byte").config(
                enabledOrReasonIf = { needs("sha256sum", "--version") }
            ) {
                val outcome = inProcess("hash", "--driver", driver, *files.toTypedArray())
                outcome.code shouldBe OK
                outcome.out shouldBe process(listOf("sha256sum") + files).out
            }

            test("$driver: one that is missing does not stop the others") {
                val missing = "$directory/missing"
                val outcome = inProcess("hash", "--driver", driver, files[1], missing, "$directory", files[2])
                outcome.code shouldBe FAILED
                outcome.out.trim().lines().map { it.drop(66) } shouldBe listOf(files[1], files[2])
                outcome.err shouldContain "missing: no such file or directory"
                outcome.err shouldContain "$directory: cannot read it, it is a directory"
            }

            test("$driver: a file of the kernel's, which has content and no size").config(
                enabledOrReasonIf = { needs("test", "-s", "/proc/version", "-o", "-f", "/proc/version") }
            ) {
                val hash = inProcess("hash", "--driver", driver, "/proc/version").out.substringBefore(' ')
                hash shouldBe sha256(java.nio.file.Path.of("/proc/version"))
            }
        }
    })
