package dev.ringflow.docs

import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.spec.style.FunSpec
import io.kotest.engine.spec.tempdir
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain
import io.kotest.matchers.string.shouldNotContain

class MarkdownTest :
    FunSpec({
        val root = tempdir()
        root.resolve("A.kt").writeText("// snippet-begin: a\nval a = \"<b>\"\n// snippet-end: a")
        val markdown = Markdown(Snippets(root.toPath()), ApiLinks(mapOf("dev.ringflow.Ring" to "core/ring.html")))

        test("the title is the text of the first heading") {
            markdown.page("# Start *here*\n\nNow.", base = "").title shouldBe "Start here"
        }

        test("a page without a title fails") {
            shouldThrow<DocumentationException> { markdown.page("Now.", base = "") }
        }

        test("code takes the place of the comment that names it, coloured and escaped") {
            val body = markdown.page("# T\n\nBefore.\n\n<!-- snippet: A.kt#a -->\n\nAfter.", base = "").body

            body shouldContain "<pre><code class=\"language-kotlin\"><span class=\"keyword\">val</span> a = " +
                "<span class=\"string\">&quot;&lt;b&gt;&quot;</span></code></pre>"
            body shouldNotContain "<!--"
        }

        test("a snippet that is not there fails the page") {
            shouldThrow<DocumentationException> { markdown.page("# T\n\n<!-- snippet: A.kt#b -->", base = "") }
            shouldThrow<DocumentationException> { markdown.page("# T\n\n<!-- snippet: -->", base = "") }
        }

        test("several languages become tabs, the first of them chosen") {
            root.resolve("A.java").writeText("// snippet-begin: a\nint a;\n// snippet-end: a")
            val body = markdown.page("# T\n\n<!-- snippet: A.java#a | A.kt#a -->", base = "").body

            body shouldContain "id=\"tabs-1-java\" value=\"java\" checked>"
            body shouldContain "<label for=\"tabs-1-kotlin\">Kotlin</label>"
            body shouldContain "<pre class=\"panel-java\"><code class=\"language-java\">" +
                "<span class=\"keyword\">int</span> a;"
        }

        test("parts of a page have the anchors that its headings have") {
            val page = markdown.page("# T\n\nOne.\n\n## The `code` of it\n\nTwo.\n\n### Deeper\n\nThree.", base = "")

            page.parts.map { it.anchor } shouldBe listOf("", "the-code-of-it")
            page.parts.last().text shouldBe "Two. Three."
            page.body shouldContain "<h2 id=\"the-code-of-it\">"
        }

        test("headings have anchors") {
            markdown.page("# T\n\n## Your first read", base = "").body shouldContain "<h2 id=\"your-first-read\">"
        }

        test("tables are tables") {
            markdown.page("# T\n\n| a | b |\n|---|---|\n| 1 | 2 |", base = "").body shouldContain "<td>1</td>"
        }

        test("double brackets lead into the API, from where the page is") {
            markdown.page("# T\n\nSee [[Ring]].", base = "../").body shouldContain
                "<a href=\"../api/core/ring.html\"><code>Ring</code></a>"
        }
    })
