package dev.ringflow.docs

import java.nio.file.Path
import kotlin.io.path.createDirectories
import kotlin.io.path.nameWithoutExtension
import kotlin.io.path.readText
import kotlin.io.path.writeText

/**
 * Writes the front page and the guides, in the order of [contents]. `{{version}}` in a page stands for the version.
 *
 * @param includes what pages may include of other documents
 */
class Guides(
    private val sources: Path,
    private val markdown: Markdown,
    private val includes: Includes,
    private val version: String
) {
    /** Writes them below [site], and answers with what a search may find in them. */
    fun write(site: Path): List<SearchEntry> {
        val sections = contents(sources.resolve("guide"))
        val pages = sections.flatMap(Section::files).associateWith { page("guide/$it", base = "../") }
        val entries = pages.map { (name, page) -> GuideEntry(htmlName(name), page.title) }
        val navigation = sections.map { section ->
            NavigationPart(section.title, section.files.map { GuideEntry(htmlName(it), pages.getValue(it).title) })
        }
        val frame = Frame(version, navigation)
        val front = page("index.md", base = "")

        site.resolve("guide").createDirectories()
        for ((at, page) in pages.values.withIndex()) {
            val neighbours = Neighbours(entries.getOrNull(at - 1), entries.getOrNull(at + 1))
            site.resolve("guide/${entries[at].file}").writeText(frame.html(page, "../", entries[at], neighbours))
        }
        site.resolve("index.html").writeText(frame.html(front, base = ""))
        for (name in listOf("site.css", "site.js")) site.resolve(name).writeText(Frame.resource(name))

        return searchEntries(front, "index.html") +
            entries.zip(pages.values).flatMap { (entry, page) -> searchEntries(page, "guide/${entry.file}") }
    }

    private fun page(name: String, base: String): Page {
        val text = includes.expand(sources.resolve(name).readText()).replace("{{version}}", version)
        return try {
            markdown.page(text, base)
        } catch (e: DocumentationException) {
            throw DocumentationException("$name: ${e.message}")
        }
    }

    private fun htmlName(markdownName: String) = Path.of(markdownName).nameWithoutExtension + ".html"
}
