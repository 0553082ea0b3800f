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

        fun guides(sources: File) = sources.toPath().let {
            Guides(it, Markdown(Snippets(it), ApiLinks(emptyMap())), Includes(it), "1.2.3")
        }

        test("every guide is a page, and the navigation of every page names them in order") {
            val site = tempdir()
            guides(sources("start.md" to "# Start", "files.md" to "# Files & more")).write(site.toPath())

            val front = site.resolve("index.html").readText()
            front shouldContain
                "<li><a href=\"guide/start.html\">Start</a></li>\n" +
                "<li><a href=\"guide/files.html\">Files &amp; more</a></li>"
            front shouldContain "<title>Front · RingFlow</title>"
            front shouldContain "<p>Version 1.2.3</p>"
            site.resolve("guide/files.html").readText().run {
                this shouldContain "<li><a href=\"../guide/start.html\">Start</a></li>"
                this shouldContain "<a href=\"../guide/files.html\" aria-current=\"page\">"
                this shouldContain "<a rel=\"prev\" href=\"../guide/start.html\">Start</a>"
            }
            site.resolve("site.css").exists() shouldBe true
            site.resolve("site.js").exists() shouldBe true
        }

        test("lines with a hash are headings of the navigation") {
            val sources = sources("start.md" to "# Start", "files.md" to "# Files")
            sources.resolve("guide/contents.txt").writeText("# Begin\nstart.md\n\n# Go on\nfiles.md\n")
            val site = tempdir()
            guides(sources).write(site.toPath())

            contents(sources.resolve("guide").toPath()) shouldBe
                listOf(Section("Begin", listOf("start.md")), Section("Go on", listOf("files.md")))
            site.resolve("index.html").readText() shouldContain "<p>Go on</p>\n<ul>\n<li><a href=\"guide/files.html\">"
        }

        test("every part of every page can be searched for") {
            val entries = guides(sources("start.md" to "# Start\n\nNow\nor never.\n\n## A *part*\n\n`there`"))
                .write(tempdir().toPath())

            entries.filter { it.context == "Start" } shouldBe
                listOf(
                    SearchEntry("Start", "Start", "guide/start.html", "Now or never."),
                    SearchEntry("A part", "Start", "guide/start.html#a-part", "\"there\"")
                )
        }

        test("a guide that is not in the list fails") {
            val sources = sources("start.md" to "# Start")
            sources.resolve("guide/forgotten.md").writeText("# Forgotten")

            shouldThrow<DocumentationException> { guides(sources).write(tempdir().toPath()) }.message shouldContain
                "forgotten.md"
        }
    })
