package dev.ringflow.docs

import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.spec.style.FunSpec
import io.kotest.engine.spec.tempdir
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain

class DiagramsTest :
    FunSpec({
        val folder = tempdir()
        val markdown = Markdown(Snippets(folder.toPath()), ApiLinks(emptyMap()), Diagrams(folder.toPath()))
        val whole = "<svg viewBox=\"0 0 1 1\" role=\"img\"><title>T</title><desc>D</desc><path class=\"arrow\"/></svg>"

        fun draw(svg: String): String {
            folder.resolve("a.svg").writeText(svg)
            return markdown.page("# T\n\n<!-- diagram: a -->\n\nAfter.", base = "").body
        }

        test("a drawing takes the place of the comment that names it") {
            draw(whole) shouldContain "<figure>\n$whole\n</figure>"
        }

        test("a drawing without words for those who do not see it fails") {
            for (part in listOf("<title>T</title>", "<desc>D</desc>", " role=\"img\"", " viewBox=\"0 0 1 1\"")) {
                shouldThrow<DocumentationException> { draw(whole.replace(part, "")) }.message shouldContain "diagram a"
            }
        }

        test("a drawing with colours of its own fails") {
            for (colour in listOf("fill=\"#fff\"", "stroke=\"black\"", "style=\"fill: red\"")) {
                val failure = shouldThrow<DocumentationException> { draw(whole.replace("<path", "<path $colour")) }
                failure.message shouldContain "site.css"
            }
        }

        test("a drawing that is not there fails") {
            val failure = shouldThrow<DocumentationException> {
                markdown.page("# T\n\n<!-- diagram: b -->", base = "")
            }
            failure.message shouldBe "diagram b: there is no such file"
        }
    })
