package dev.ringflow.examples.guide

import io.kotest.core.spec.style.FunSpec
import io.kotest.engine.spec.tempfile
import io.kotest.matchers.shouldBe

class FirstReadTest :
    FunSpec({
        val short = tempfile().apply { writeText("Completion, not readiness: ø") }.toPath()
        val long = tempfile().apply { writeText("x".repeat(5000)) }.toPath()
        val empty = tempfile().toPath()

        for ((language, beginningOf) in listOf("Kotlin" to ::beginningOf, "Java" to FirstReadJava::beginningOf)) {
            test("$language: a short file is read whole") {
                beginningOf(short) shouldBe "Completion, not readiness: ø"
            }

            test("$language: of a long file the beginning is read") {
                beginningOf(long) shouldBe "x".repeat(4096)
            }

            test("$language: an empty file gives nothing") {
                beginningOf(empty) shouldBe ""
            }
        }
    })
