package dev.ringflow.examples

import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.longs.shouldBeGreaterThanOrEqual
import io.kotest.matchers.shouldBe

/** The small parts that the commands are made of. */
class PartsTest :
    FunSpec({
        test("sizes are read") {
            parseSize("0") shouldBe 0
            parseSize("4096") shouldBe 4096
            parseSize("256k") shouldBe 262_144
            parseSize("256KiB") shouldBe 262_144
            parseSize("3 MB") shouldBe (3 shl 20)
            parseSize("1G") shouldBe (1L shl 30)
            parseSize("2t") shouldBe (2L shl 40)
            parseSize("7b") shouldBe 7
            for (wrong in listOf("", "k", "-1", "1.5M", "1x", "1kk", "9999999999999999999", "9999999999G")) {
                parseSize(wrong) shouldBe null
            }
        }

        test("sizes and times are written") {
            formatSize(0) shouldBe "0 B"
            formatSize(1023) shouldBe "1023 B"
            formatSize(1536) shouldBe "1.5 KiB"
            formatSize(256L shl 20) shouldBe "256 MiB"
            formatSize(Long.MAX_VALUE) shouldBe "8 EiB"
            formatCount(100_000) shouldBe "100,000"
            formatNanos(1_234_567) shouldBe "1.23 ms"
            formatNanos(870_000_000) shouldBe "870 ms"
            formatNanos(12_340_000_000) shouldBe "12.34 s"
        }

        test("the generator is SplitMix64") {
            SplitMix64(0).next() shouldBe 0xE220A8397B1DCDAFuL.toLong()
            content(13) shouldBe content(13)
        }

        test("heap that is allocated is seen") {
            val meter = HeapMeter()
            val before = meter.allocatedBytes()
            val kept = ByteArray(5_000_000)
            (meter.allocatedBytes() - before) shouldBeGreaterThanOrEqual kept.size.toLong()
        }

        test("JSON") {
            Json.write(mapOf("a" to listOf(1, true, null), "b" to "x\"\\\n\u0001", "c" to emptyList<Any>())) shouldBe
                "{\n  \"a\": [\n    1,\n    true,\n    null\n  ],\n  \"b\": \"x\\\"\\\\\\n\\u0001\",\n  \"c\": []\n}"
        }
    })
