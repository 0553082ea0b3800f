package dev.ringflow.examples

import dev.ringflow.file.HashAlgorithm
import io.kotest.core.spec.style.FunSpec
import io.kotest.engine.spec.tempdir
import io.kotest.matchers.collections.shouldContainExactly
import io.kotest.matchers.longs.shouldBeLessThan
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain
import io.kotest.matchers.string.shouldMatch
import java.io.RandomAccessFile
import java.nio.file.Files
import java.nio.file.Path
import java.nio.file.attribute.FileTime
import java.nio.file.attribute.PosixFilePermissions
import java.time.Instant
import kotlin.io.path.readBytes
import kotlin.io.path.readText
import kotlin.io.path.writeText

private const val KIB = 1024

class CopyCommandTest :
    FunSpec({
        val directory = tempdir().toPath()
        val past = Instant.parse("2001-02-03T04:05:06Z")
        var number = 0

        fun place(): Path = Files.createDirectory(directory.resolve("${number++}"))

        for (driver in drivers()) {
            fun copy(vararg args: Any) = inProcess("copy", "--driver", driver, *args.map { "$it" }.toTypedArray())

            for (size in listOf(0, 1, 4095, 256 * KIB - 1, 256 * KIB, 256 * KIB + 1, 10 * KIB * KIB)) {
                test("$driver: $size bytes arrive whole") {
                    val place = place()
                    val source = file(place, "source", size)
                    val outcome = copy(source, place.resolve("copy"))
                    outcome.code shouldBe OK
                    outcome.out shouldContain "copied and verified ${formatSize(size.toLong())} to $place/copy in "
                    place.resolve("copy").readBytes() shouldBe source.readBytes()
                    names(place) shouldContainExactly listOf("copy", "source")
                }
            }

            test("$driver: prints the root that hash --tree prints of the copy") {
                val place = place()
                val source = file(place, "source", 1_000_000)
                for ((option, name) in listOf("blake3" to HashAlgorithm.BLAKE3, "sha256" to HashAlgorithm.SHA_256)) {
                    val target = place.resolve(option)
                    val printed = copy("--hash", option, "--chunk", "64k", source, target).out.lines()
                        .single { it.startsWith("$name tree ") }.substringAfterLast(' ')
                    val hash = inProcess("hash", "--tree", "--chunk", "64k", "--hash", option, "$target")
                    hash.out shouldBe "$printed  $target\n"
                }
            }

            for ((chunk, depth) in listOf("4k" to 7, "16k" to 1, "1M" to 3)) {
                test("$driver: chunks of $chunk, $depth of them in flight, with and without the page cache") {
                    val place = place()
                    val source = file(place, "source", 300_000)
                    for (more in listOf(listOf(), listOf("--direct"), listOf("--no-verify", "--no-sync"))) {
                        val target = place.resolve("copy${more.joinToString("")}")
                        copy("--chunk", chunk, "--depth", depth, *more.toTypedArray(), source, target).code shouldBe OK
                        target.readBytes() shouldBe source.readBytes()
                    }
                }
            }

            test("$driver: permissions and time of change are kept") {
                val place = place()
                val source = file(place, "source", 9)
                Files.setPosixFilePermissions(source, PosixFilePermissions.fromString("rwxr-x--x"))
                Files.setLastModifiedTime(source, FileTime.from(past))
                copy(source, place.resolve("copy")).code shouldBe OK
                PosixFilePermissions.toString(Files.getPosixFilePermissions(place.resolve("copy"))) shouldBe "rwxr-x--x"
                Files.getLastModifiedTime(place.resolve("copy")).toInstant() shouldBe past
            }

            test("$driver: a sparse file stays sparse") {
                val place = place()
                val source = place.resolve("source")
                RandomAccessFile(source.toFile(), "rw").use {
                    it.setLength(1L shl 30)
                    it.seek(500L shl 20)
                    it.write(content(5000))
                }
                val outcome = copy("--no-verify", source, place.resolve("copy"))
                outcome.code shouldBe OK
                outcome.out shouldContain "of it are a hole"
                Files.mismatch(source, place.resolve("copy")) shouldBe -1
                val blocks = process(listOf("stat", "-c", "%b", "$place/copy")).out.trim().toLong()
                blocks * 512 shouldBeLessThan (2L shl 20)
            }

            test("$driver: replaces with --force, through a symbolic link, which stays one") {
                val place = place()
                val source = file(place, "source", 9)
                val target = place.resolve("target").apply { writeText("before") }
                val link = Files.createSymbolicLink(place.resolve("link"), Path.of("target"))
                copy(source, link).err shouldContain "exists already"
                target.readText() shouldBe "before"
                copy("--force", source, link).code shouldBe OK
                Files.isSymbolicLink(link) shouldBe true
                target.readBytes() shouldBe source.readBytes()
            }

            test("$driver: into a directory, under the name of the source") {
                val place = place()
                val inside = Files.createDirectory(place.resolve("inside"))
                copy(file(place, "source", 9), inside).out shouldContain "to $inside/source in"
                names(inside) shouldContainExactly listOf("source")
            }

            test("$driver: a copy that was interrupted is gone on with") {
                val place = place()
                val source = file(place, "source", 8 shl 20)
                val slow = arrayOf("--chunk", "4k", "--depth", "1", "--no-sync")
                val process = start("copy", "--driver", driver, *slow, "$source", "$place/copy")
                await("some of it") { unfinished(place).sumOf { Files.size(it) } > 0 || !process.isAlive }
                process.destroy()
                process.waitFor()
                if (!Files.exists(place.resolve("copy"))) {
                    copy(*slow, source, place.resolve("copy")).code shouldBe OK
                }
                place.resolve("copy").readBytes() shouldBe source.readBytes()
                names(place) shouldContainExactly listOf("copy", "source")
            }
        }

        test("what it prints is for people") {
            val place = place()
            val lines = inProcess("copy", "${file(place, "source", 5000)}", "$place/copy").out.trim().lines()
            lines[0] shouldMatch
                Regex("copied and verified 4.9 KiB to .*/copy in [\\d.]+ m?s \\([\\d.]+ [KM]iB/s, driver \\w+\\)")
            lines[1] shouldMatch Regex("SHA-256 tree [0-9a-f]{64}")
            lines.size shouldBe 2
        }
    })
