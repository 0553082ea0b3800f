package dev.ringflow.docs

import java.nio.file.Path
import kotlin.io.path.listDirectoryEntries
import kotlin.io.path.name
import kotlin.io.path.readLines

/** A part of the navigation: its heading, and the Markdown files below it. */
data class Section(val title: String, val files: List<String>)

/**
 * Reads `contents.txt` of a folder of guides: the order of the guides, one file a line, below lines `# Heading`. It
 * must name every guide that is there, once.
 */
fun contents(folder: Path): List<Section> {
    val sections = mutableListOf<Section>()
    for (line in folder.resolve("contents.txt").readLines().map(String::trim).filter(String::isNotEmpty)) {
        when {
            line.startsWith("#") -> sections += Section(line.removePrefix("#").trim(), emptyList())
            sections.isEmpty() -> sections += Section("", listOf(line))
            else -> sections += sections.removeLast().let { it.copy(files = it.files + line) }
        }
    }
    val listed = sections.flatMap(Section::files)
    val present = folder.listDirectoryEntries("*.md").map { it.name }
    if (listed.sorted() != present.sorted()) {
        throw DocumentationException("contents.txt lists $listed, and there are $present")
    }
    return sections
}
