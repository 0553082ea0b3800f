package dev.ringflow.docs

import java.nio.file.Path
import kotlin.io.path.isRegularFile
import kotlin.io.path.readText

/**
 * Puts what another Markdown file of the project says in the place of a comment: `<!-- include: CHANGELOG.md -->` is
 * all of that file but its title, `<!-- include: README.md#Measured -->` what stands below the heading `## Measured`.
 * So a page and that file cannot come to say different things. Links of the other file stay as they are: what is
 * included must not have relative ones.
 */
class Includes(root: Path) {
    private val root = root.toRealPath()

    fun expand(markdown: String): String = INCLUDE.replace(markdown) { content(it.groupValues[1], it.groupValues[2]) }

    private fun content(path: String, heading: String): String {
        val file = root.resolve(path).normalize()
        if (!file.startsWith(root) || !file.isRegularFile()) fail(path, "there is no such file")
        val lines = file.readText().lines()
        val begin = if (heading.isEmpty()) lines.indexOfFirst { it.startsWith("# ") } else lines.indexOf("## $heading")
        if (begin < 0) fail(path, "there is no heading \"$heading\"")
        val rest = lines.drop(begin + 1)
        val part = if (heading.isEmpty()) rest else rest.takeWhile { !it.startsWith("## ") }
        return part.joinToString("\n").trim()
    }

    private fun fail(path: String, why: String): Nothing = throw DocumentationException("include $path: $why")

    private companion object {
        val INCLUDE = Regex("""<!--\s*include:\s*([^#\s]+)(?:#(.+?))?\s*-->""")
    }
}
