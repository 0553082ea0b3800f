package dev.ringflow.docs

import io.kotest.assertions.throwables.shouldNotThrowAny
import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.spec.style.FunSpec
import io.kotest.engine.spec.tempdir
import io.kotest.matchers.shouldBe

class DeadLinksTest :
    FunSpec({
        val site = tempdir()
        val links = DeadLinks(site.toPath())

        fun page(name: String, html: String) = site.resolve(name).apply { writeText(html) }.toPath()

        test("links to files, to anchors and away from the site pass") {
            val target = page("target.html", "<h2 id=\"part\">")
            val html = """<a href="target.html#part"><a href="#own"><p id="own"><a href="https://kernel.org">"""
            val page = page("good.html", html)

            shouldNotThrowAny { links.check(listOf(target, page)) }
        }

        test("every dead link is reported, with its page") {
            page("other.html", "")
            val page = page("bad.html", """<a href="missing.html"><a href="other.html#part">""")

            shouldThrow<DocumentationException> { links.check(listOf(page)) }.message shouldBe
                "dead links:\nbad.html: missing.html\nbad.html: other.html#part"
        }
    })
