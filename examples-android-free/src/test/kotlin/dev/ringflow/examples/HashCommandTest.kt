package dev.ringflow.examples

import io.kotest.core.spec.style.FunSpec
import io.kotest.engine.spec.tempdir
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain
import org.apache.commons.codec.digest.Blake3
import java.nio.file.Path
import java.util.HexFormat
import kotlin.io.path.readBytes

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

            test("$driver: BLAKE3 as it is specified") {
                val empty = "af1349b9f5f9a1a6a0404dea36dcc9499bcb25c9adc112b7cc9a93cae41f3262"
                inProcess("hash", "--hash", "blake3", "--driver", driver, files[0]).out shouldBe "$empty  ${files[0]}\n"
                val hash = inProcess("hash", "--hash", "blake3", "--driver", driver, files.last()).out
                hash.substringBefore(' ') shouldBe
                    HexFormat.of().formatHex(Blake3.hash(Path.of(files.last()).readBytes()))
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
                hash shouldBe sha256(Path.of("/proc/version"))
            }
        }
    })
