package dev.ringflow.examples

import io.kotest.core.spec.style.FunSpec
import io.kotest.engine.spec.tempdir
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain
import java.nio.ByteBuffer
import java.nio.file.Files
import java.nio.file.Path
import kotlin.io.path.readLines
import kotlin.io.path.readText

/** What the README shows compiles, runs, and is the same as what is tested; what it names exists. */
class ReadmeTest :
    FunSpec({
        val root = Path.of("..").toAbsolutePath().normalize()
        val readme = root.resolve("README.md").readText()
        val path = tempdir().toPath().resolve("file")

        // the same but for the columns that comments stand in
        fun comparable(lines: List<String>) =
            lines.map { it.trim().replace(Regex(" +//"), " //") }.filter(String::isNotEmpty)

        fun shown(language: String) = comparable(readme.substringAfter("```$language\n").substringBefore("```").lines())

        fun tested(file: String) = comparable(
            Path.of("src/test").resolve(file).readLines()
                .dropWhile { !it.contains("// snippet-begin: readme") }.drop(1)
                .takeWhile { !it.contains("// snippet-end: readme") }
        )

        test("Kotlin") {
            shown("kotlin") shouldBe tested("kotlin/dev/ringflow/examples/ReadmeKotlin.kt")
            val buffer = ByteBuffer.allocateDirect(100)
            readmeKotlin(path, buffer)
            path.readText() shouldBe "hello"
            buffer.flip().remaining() shouldBe "welcome".length
        }

        test("Java") {
            shown("java") shouldBe tested("java/dev/ringflow/examples/ReadmeJava.java")
            ReadmeJava.run(path)
            path.readText() shouldBe "hello"
        }

        test("every folder of the table of modules is there, and every module is in it") {
            val folders = Regex("(?m)^\\| `([a-z-]+)` +\\| .*\\|.*\\|$").findAll(readme).map { it.groupValues[1] }
                .filterNot { it in setOf("uring", "nio", "windows") }.toList()
            folders.sorted() shouldBe Regex("<module>(.+)</module>").findAll(root.resolve("pom.xml").readText())
                .map { it.groupValues[1] }.toList().sorted()
            folders.forEach { Files.isDirectory(root.resolve(it)) shouldBe true }
        }

        test("every option of the table of commands is there") {
            for (line in Regex(
                "(?m)^\\| `\\./ringflow (demo|probe|copy|hash|send|receive|echo|http|packets).*$"
            ).findAll(readme)) {
                val help = inProcess(line.groupValues[1], "--help").out
                Regex("--[a-z]+").findAll(line.value).forEach { help shouldContain it.value }
            }
        }
    })
