package dev.ringflow.examples

import io.kotest.core.spec.style.FunSpec
import io.kotest.engine.spec.tempdir
import io.kotest.matchers.collections.shouldBeEmpty
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain
import java.nio.file.Files
import java.util.concurrent.TimeUnit
import kotlin.io.path.listDirectoryEntries

class DemoCommandTest :
    FunSpec({
        val directory = tempdir().toPath()
        val enormous = 1L shl 40

        for (driver in drivers()) {
            for (size in listOf("1", "1M", "1234567")) {
                test("$driver: a file of $size") {
                    val load = arrayOf("--size", size, "--messages", "501", "--connections", "8")
                    val outcome = inProcess("demo", "--driver", driver, "--dir", "$directory", *load)
                    outcome.code shouldBe OK
                    for (part in listOf("write and sync", "copy", "verify and sync", "echo")) {
                        outcome.out shouldContain Regex("$part +$driver +[\\d,]+ ")
                    }
                    outcome.out shouldContain Regex("verified: SHA-256 tree of file and copy [0-9a-f]{64}")
                    outcome.out shouldContain "verified: 501 messages came back unchanged"
                    names(directory).shouldBeEmpty()
                }
            }

            test("$driver: more connections than messages") {
                val args = arrayOf("--messages", "2", "--connections", "5", "--size", "10", "--dir", "$directory")
                inProcess("demo", "--driver", driver, *args).code shouldBe OK
            }

            test("$driver: SIGTERM, as Ctrl-C, removes the files") {
                val process = start("demo", "--driver", driver, "--size", "400M", "--dir", "$directory")
                await("files") { directory.listDirectoryEntries().any { names(it).isNotEmpty() } }
                process.destroy()
                process.waitFor(30, TimeUnit.SECONDS) shouldBe true
                names(directory).shouldBeEmpty()
            }
        }

        test("too little space is told before anything is written").config(
            enabledOrReasonIf = {
                onlyIf(Files.getFileStore(directory).usableSpace < enormous, "the disk is enormous")
            }
        ) {
            val outcome = inProcess("demo", "--size", "1T", "--dir", "$directory")
            outcome.code shouldBe FAILED
            outcome.err shouldContain "too little space"
            outcome.err shouldContain "--dir"
            names(directory).shouldBeEmpty()
        }
    })
