package dev.ringflow.docs

import io.kotest.assertions.withClue
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldContainAll
import io.kotest.matchers.doubles.plusOrMinus
import io.kotest.matchers.doubles.shouldBeGreaterThanOrEqual
import io.kotest.matchers.shouldBe
import kotlin.math.pow

/** All text can be read, in the light and in the dark, by the measure of WCAG 2: a contrast of 4.5 at least. */
class ContrastTest :
    FunSpec({
        val css = Frame.resource("site.css")
        val colours = Regex("""--(\w+): light-dark\((#\w{6}), (#\w{6})\);""").findAll(css)
            .associate { it.groupValues[1] to listOf(it.groupValues[2], it.groupValues[3]) }

        // what is drawn over what, in site.css
        val page = listOf("text", "quiet", "link", "good", "bad")
        val panel = page + listOf("comment", "string", "keyword", "number")
        val mark = listOf("text", "quiet", "link", "good", "bad")

        test("the measure is the known one") {
            contrast("#000000", "#ffffff") shouldBe (21.0 plusOrMinus 0.01)
            contrast("#777777", "#ffffff") shouldBe (4.48 plusOrMinus 0.01)
        }

        test("every colour is one for light and for dark") {
            colours.keys shouldContainAll (panel + listOf("page", "panel", "mark", "line"))
            val rest = css.replace(Regex("""--\w+: light-dark\([^)]*\);"""), "")
            Regex("#[0-9a-fA-F]{3,8}\\b").findAll(rest).map { it.value }.toList() shouldBe emptyList()
        }

        for ((mode, name) in listOf("light", "dark").withIndex()) {
            for ((ground, texts) in mapOf("page" to page, "panel" to panel, "mark" to mark)) {
                test("$name: text on $ground") {
                    for (text in texts) {
                        withClue("--$text on --$ground") {
                            val contrast = contrast(colours.getValue(text)[mode], colours.getValue(ground)[mode])
                            contrast shouldBeGreaterThanOrEqual 4.5
                        }
                    }
                }
            }
        }
    })

private fun contrast(one: String, other: String): Double {
    val (dark, light) = listOf(luminance(one), luminance(other)).sorted()
    return (light + 0.05) / (dark + 0.05)
}

/** Relative luminance as WCAG 2 defines it. */
private fun luminance(colour: String): Double {
    val (red, green, blue) = colour.removePrefix("#").chunked(2).map {
        val share = it.toInt(16) / 255.0
        if (share <= 0.04045) share / 12.92 else ((share + 0.055) / 1.055).pow(2.4)
    }
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
}
