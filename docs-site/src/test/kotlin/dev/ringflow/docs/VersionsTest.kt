package dev.ringflow.docs

import com.fasterxml.jackson.databind.JsonNode
import com.fasterxml.jackson.databind.ObjectMapper
import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.spec.style.FunSpec
import io.kotest.engine.spec.tempdir
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain

class VersionsTest :
    FunSpec({
        fun parsed(script: String): JsonNode =
            ObjectMapper().readTree(script.substringAfter(" = ").trim().removeSuffix(";"))

        test("a site by itself names its own version") {
            val versions = parsed(Versions.alone("1.2"))
            versions.path("current").asText() shouldBe "1.2"
            versions.path("all").size() shouldBe 1
        }

        test("sites beside each other name each other, the newest first, and the front leads there") {
            val folder = tempdir()
            val names = listOf("0.9.0", "0.10.0", "0.10.0-SNAPSHOT", "0.2.11")
            for (name in names) folder.resolve(name).apply { mkdirs() }.resolve("index.html").writeText("")
            folder.resolve("no version").mkdirs()

            Versions.join(folder.toPath()) shouldBe listOf("0.10.0", "0.10.0-SNAPSHOT", "0.9.0", "0.2.11")

            val versions = parsed(folder.resolve("0.9.0/versions.js").readText())
            versions.path("current").asText() shouldBe "0.9.0"
            versions.path("all").map { it.path("path").asText() }[0] shouldBe "../0.10.0/"
            folder.resolve("index.html").readText() shouldContain "url=0.10.0/index.html"
        }

        test("a folder without any fails") {
            shouldThrow<DocumentationException> { Versions.join(tempdir().toPath()) }
        }
    })
