package dev.ringflow.examples

import io.kotest.core.spec.style.FunSpec
import io.kotest.engine.spec.tempdir
import io.kotest.matchers.collections.shouldBeEmpty
import io.kotest.matchers.collections.shouldContainExactly
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain
import io.kotest.matchers.string.shouldMatch
import java.nio.file.Files
import java.nio.file.Path
import java.util.concurrent.TimeUnit
import kotlin.io.path.name
import kotlin.io.path.readBytes

private const val SIZE = 12 shl 20

/** What happens to a copy when the disk is full, when a limit is met, and when the process is killed. */
class CopyFaultsTest :
    FunSpec({
        val directory = tempdir().toPath()
        val source = file(directory, "source", SIZE)
        var number = 0

        fun place(): Path = Files.createDirectory(directory.resolve("${number++}"))

        // small chunks, one at a time: slow enough to be met in the middle
        fun slowCopy(driver: String, to: Path, vararg more: String) =
            start("copy", "--driver", driver, "--chunk", "4k", "--depth", "1", *more, "$source", "$to")

        val mounting = needs("unshare", "-m", "mount", "-t", "tmpfs", "none", "/mnt")

        // onto a file system that nobody else sees and that goes away with the process; then tells what is left on it
        fun mounted(options: String, place: Path, driver: String): Outcome {
            val script = "mount -t tmpfs -o $options none '$place' && \"$@\"; code=$?; ls -A '$place'; exit \$code"
            return process(
                listOf("unshare", "-m", "sh", "-c", script, "sh") + javaCommand() +
                    listOf("copy", "--driver", driver, "$source", "$place/target")
            )
        }

        fun unfinishedBytes(place: Path) = unfinished(place).sumOf { Files.size(it) }

        for (driver in drivers()) {
            test("$driver: kill -9 at any moment leaves the whole file or none under the target's name") {
                for (eighths in listOf(0, 2, 5, 7)) {
                    val place = place()
                    val target = place.resolve("target")
                    val process = slowCopy(driver, target)
                    await("the first bytes") { unfinishedBytes(place) > eighths * SIZE / 8 || !process.isAlive }
                    process.destroyForcibly().waitFor(30, TimeUnit.SECONDS)
                    if (Files.exists(target)) {
                        target.readBytes() shouldBe source.readBytes()
                    } else {
                        unfinished(place).single().name shouldMatch Regex("\\.target\\.ringflow-[0-9a-f]+\\.part")
                    }
                    // what is left does not stand in the way of the next one
                    inProcess("copy", "--force", "--driver", driver, "$source", "$target").code shouldBe OK
                    target.readBytes() shouldBe source.readBytes()
                    names(place) shouldContainExactly listOf("target")
                }
            }

            test("$driver: SIGTERM, as Ctrl-C, leaves nothing at all if nothing is to be gone on with") {
                val place = place()
                val process = slowCopy(driver, place.resolve("target"), "--no-resume")
                await("the first bytes") { unfinishedBytes(place) > 0 }
                process.destroy()
                process.waitFor(30, TimeUnit.SECONDS) shouldBe true
                process.exitValue() shouldBe 143
                names(place).shouldBeEmpty()
            }

            test("$driver: a full disk").config(enabledOrReasonIf = { mounting }) {
                val place = place()
                val outcome = mounted("size=4m", place, driver)
                outcome.code shouldBe FAILED
                outcome.out shouldContain
                    "ringflow copy: $place/target: no space left. What was written stays beside it, hidden, for the" +
                    " next try; free some space there, or choose another place."
            }

            test("$driver: the limit of file sizes").config(enabledOrReasonIf = {
                needs("prlimit", "--fsize=100000", "true")
            }) {
                val place = place()
                val outcome = process(
                    listOf("prlimit", "--fsize=${SIZE / 2}") + javaCommand() +
                        listOf("copy", "--driver", driver, "$source", "$place/target")
                )
                outcome.code shouldBe FAILED
                outcome.out shouldContain "larger than the limit of this process (ulimit -f)"
                Files.exists(place.resolve("target")) shouldBe false
            }

            test("$driver: a file system that may only be read").config(enabledOrReasonIf = { mounting }) {
                val outcome = mounted("ro", place(), driver)
                outcome.code shouldBe FAILED
                outcome.out shouldMatch Regex("ringflow copy: .*target.*: Read-only file system\n")
            }
        }

        test("a name as long as the file system takes") {
            val place = place()
            val target = place.resolve("ü".repeat(127))
            inProcess("copy", "$source", "$target").code shouldBe OK
            names(place) shouldContainExactly listOf(target.name)
        }
    })
