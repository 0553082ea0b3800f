package dev.ringflow.docs

import java.nio.file.Path
import kotlin.io.path.createDirectories
import kotlin.io.path.listDirectoryEntries
import kotlin.io.path.name
import kotlin.io.path.nameWithoutExtension
import kotlin.io.path.readLines
import kotlin.io.path.readText
import kotlin.io.path.writeText

/**
 * Writes the front page and the guides. `guide/contents.txt` gives their order; it must name every guide there is.
 * `{{version}}` in a page stands for the version.
 */
class Guides(private val sources: Path, private val markdown: Markdown, private val version: String) {
    fun write(site: Path) {
        val guides = contents().associateWith { page("guide/$it", base = "../") }
        val frame = Frame(version, guides.map { (name, page) -> GuideEntry(htmlName(name), page.title) })

        site.resolve("guide").createDirectories()
        for ((name, page) in guides) {
            site.resolve("guide/${htmlName(name)}").writeText(frame.html(page, base = "../"))
        }
        site.resolve("index.html").writeText(frame.html(page("index.md", base = ""), base = ""))
        site.resolve("site.css").writeText(Frame.resource("site.css"))
    }

    private fun page(name: String, base: String) =
        markdown.page(sources.resolve(name).readText().replace("{{version}}", version), base)

    private fun contents(): List<String> {
        val listed = sources.resolve("guide/contents.txt").readLines().filter(String::isNotBlank)
        val present = sources.resolve("guide").listDirectoryEntries("*.md").map { it.name }
        if (listed.sorted() != present.sorted()) {
            throw DocumentationException("contents.txt lists $listed, and there are $present")
        }
        return listed
    }

    private fun htmlName(markdownName: String) = Path.of(markdownName).nameWithoutExtension + ".html"
}
