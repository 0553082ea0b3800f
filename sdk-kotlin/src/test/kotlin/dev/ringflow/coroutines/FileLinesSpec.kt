package dev.ringflow.coroutines

import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldContainExactly
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.flowOn
import kotlinx.coroutines.flow.take
import kotlinx.coroutines.flow.toList
import java.nio.charset.Charset
import java.nio.charset.CodingErrorAction.IGNORE
import java.nio.charset.CodingErrorAction.REPLACE
import java.nio.charset.CodingErrorAction.REPORT
import java.nio.charset.MalformedInputException
import kotlin.random.Random

class FileLinesSpec :
    FunSpec({
        onEachDriver {
            val texts = mapOf(
                "" to listOf(),
                "\n" to listOf(""),
                "\r\n" to listOf(""),
                "\r" to listOf("\r"),
                "one" to listOf("one"),
                "one\n" to listOf("one"),
                "one\ntwo" to listOf("one", "two"),
                "one\r\ntwo\r\n" to listOf("one", "two"),
                "one\r\n\r\n\ntwo" to listOf("one", "", "", "two"),
                "a lone \r stays\n\r\r\n" to listOf("a lone \r stays", "\r"),
                "ends with \r" to listOf("ends with \r"),
                "ä€𝄞\nж\r\n日本語" to listOf("ä€𝄞", "ж", "日本語")
            )
            test("lines end with one character or two, and the last needs no end") { ring ->
                for ((text, lines) in texts) {
                    withTempFile(text.encodeToByteArray()) { path ->
                        ring.openFile(path).use { it.lines().toList() shouldContainExactly lines }
                    }
                }
            }

            for (charset in listOf(Charsets.UTF_8, Charsets.UTF_16LE, Charsets.UTF_16, Charset.forName("GB18030"))) {
                test("whatever falls across the ends of chunks is whole, $charset") { ring ->
                    for ((text, lines) in texts) {
                        withTempFile(text.toByteArray(charset)) { path ->
                            ring.openFile(path).use { file ->
                                for (chunk in 1..7) {
                                    file.linesOf(chunk, charset).toList() shouldContainExactly lines
                                }
                            }
                        }
                    }
                }
            }

            test("random lines, some longer than a chunk, are as the JDK reads them") { ring ->
                val random = Random(20)
                val alphabet = "abcdefghij \t\u00e4\u20ac\ud834\udd1e".codePoints().toArray()
                val text = buildString {
                    repeat(400) {
                        val length = if (it % 40 == 0) 100_000 else random.nextInt(200)
                        repeat(length) { appendCodePoint(alphabet[random.nextInt(alphabet.size)]) }
                        append(if (random.nextBoolean()) "\n" else "\r\n")
                    }
                }
                withTempFile(text.encodeToByteArray()) { path ->
                    val expected = path.toFile().readLines()
                    ring.openFile(path).use { file ->
                        (file.lines().toList() == expected) shouldBe true // the text is too long for a message
                        (file.lines().flowOn(Dispatchers.Default).toList() == expected) shouldBe true
                        (file.linesOf(4096).toList() == expected) shouldBe true
                    }
                }
                ring.inFlight() shouldBe 0
            }

            test("begins where it is told to") { ring ->
                withTempFile("first\nsecond\n".encodeToByteArray()) { path ->
                    ring.openFile(path).use { file ->
                        file.lines(position = 3).toList() shouldContainExactly listOf("st", "second")
                    }
                }
            }

            test("malformed bytes fail, are replaced or left out, in the middle and at the end") { ring ->
                withTempFile(byteArrayOf(97, 10, -1, 98, 10, 99, -30, -126)) { path ->
                    ring.openFile(path).use { file ->
                        val seen = ArrayList<String>()
                        shouldThrow<MalformedInputException> { file.lines().collect(seen::add) }
                        seen shouldContainExactly listOf("a")
                        file.lines(onMalformed = REPLACE).toList() shouldContainExactly
                            listOf("a", "\ufffdb", "c\ufffd")
                        file.lines(onMalformed = IGNORE).toList() shouldContainExactly listOf("a", "b", "c")
                    }
                }
                withTempFile(byteArrayOf(97, 10, 99, -30, -126)) { path ->
                    ring.openFile(path).use { shouldThrow<MalformedInputException> { it.lines().toList() } }
                }
                ring.inFlight() shouldBe 0
            }

            test("a line may be as long as it may be, and not longer") { ring ->
                for (end in listOf("", "\n", "\r\n", "\nnext", "\r\nnext")) {
                    for (chunk in listOf(1, 3, 100)) {
                        withTempFile("x\n${"y".repeat(10)}$end".encodeToByteArray()) { path ->
                            ring.openFile(path).use { file ->
                                file.linesOf(chunk, maxLength = 10).toList()[1] shouldBe "y".repeat(10)
                                val seen = ArrayList<String>()
                                val failure = shouldThrow<LineTooLongException> {
                                    file.linesOf(chunk, maxLength = 9).collect(seen::add)
                                }
                                failure.line shouldBe 2
                                failure.maxLength shouldBe 9
                                failure.message shouldContain path.toString()
                                seen shouldContainExactly listOf("x")
                            }
                        }
                    }
                }
                withTempFile(ByteArray(3_000_000)) { path ->
                    ring.openFile(path).use { file ->
                        shouldThrow<LineTooLongException> { file.lines().collect { } }.line shouldBe 1
                        shouldThrow<IllegalArgumentException> { file.lines(maxLength = 0) }
                        shouldThrow<IllegalArgumentException> { file.lines(position = -1) }
                    }
                }
                ring.inFlight() shouldBe 0
            }

            test("a collector that has enough stops the reading") { ring ->
                withTempFile("line\n".repeat(500_000).encodeToByteArray()) { path ->
                    ring.openFile(path).use { file ->
                        file.lines().take(3).toList() shouldContainExactly List(3) { "line" }
                        ring.inFlight() shouldBe 0
                        (ring.metrics().submitted() < 20) shouldBe true
                    }
                }
            }
        }
    })

private fun dev.ringflow.file.RingFile.linesOf(
    chunk: Int,
    charset: Charset = Charsets.UTF_8,
    maxLength: Int = 1_000_000
): Flow<String> = lines(chunk, 0) { LineSplitter(path(), charset, REPORT, maxLength) }
