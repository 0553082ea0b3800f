package dev.ringflow.docs

import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.spec.style.FunSpec
import io.kotest.engine.spec.tempdir
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain
import java.io.File

class GuidesTest :
    FunSpec({
        fun sources(vararg guides: Pair<String, String>): File {
            val folder = tempdir()
            folder.resolve("index.md").writeText("# Front\n\nVersion {{version}}")
            folder.resolve("guide").mkdirs()
            folder.resolve("guide/contents.txt").writeText(guides.joinToString("\n") { it.first })
            for ((name, text) in guides) folder.resolve("guide/$name").writeText(text)
            return folder
        }

        fun guides(sources: File) =
            Guides(sources.toPath(), Markdown(Snippets(sources.toPath()), ApiLinks(emptyMap())), "1.2.3")

        test("every guide is a page, and the navigation of every page names them in order") {
            val site = tempdir()
            guides(sources("start.md" to "# Start", "files.md" to "# Files & more")).write(site.toPath())

            val front = site.resolve("index.html").readText()
            front shouldContain
                "<a href=\"guide/start.html\">Start</a>\n<a href=\"guide/files.html\">Files &amp; more</a>"
            front shouldContain "<title>Front · RingFlow</title>"
            front shouldContain "<p>Version 1.2.3</p>"
            site.resolve("guide/files.html").readText() shouldContain "<a href=\"../guide/start.html\">Start</a>"
            site.resolve("site.css").exists() shouldBe true
        }

        test("a guide that is not in the list fails") {
            val sources = sources("start.md" to "# Start")
            sources.resolve("guide/forgotten.md").writeText("# Forgotten")

            shouldThrow<DocumentationException> { guides(sources).write(tempdir().toPath()) }.message shouldContain
                "forgotten.md"
        }
    })
