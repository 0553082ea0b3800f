package dev.ringflow.docs

import java.nio.file.Path
import kotlin.io.path.extension
import kotlin.io.path.isRegularFile
import kotlin.io.path.readLines

/** A piece of source that a guide quotes. */
data class Snippet(val language: String, val code: String)

/**
 * Finds the snippets that guides quote: `path/below/root.kt#tag` is what stands in that file between the lines
 * `// snippet-begin: tag` and `// snippet-end: tag`, without its common indentation.
 */
class Snippets(root: Path) {
    private val root = root.toRealPath()

    fun find(reference: String): Snippet {
        val match = REFERENCE.matchEntire(reference) ?: fail(reference, "is not of the form path#tag")
        val (path, tag) = match.destructured
        val file = root.resolve(path).normalize()
        if (!file.startsWith(root) || !file.isRegularFile()) fail(reference, "there is no such file")
        val language = LANGUAGES[file.extension] ?: fail(reference, "is in a language that is not known")

        val lines = region(reference, file.readLines(), tag).filterNot(MARKER::matches)
        val code = lines.joinToString("\n").trimIndent().trim('\n')
        if (code.isBlank()) fail(reference, "is empty")
        return Snippet(language, code)
    }

    private fun region(reference: String, lines: List<String>, tag: String): List<String> {
        val begin = only(reference, lines, "// snippet-begin: $tag")
        val end = only(reference, lines, "// snippet-end: $tag")
        if (end < begin) fail(reference, "ends before it begins")
        return lines.subList(begin + 1, end)
    }

    private fun only(reference: String, lines: List<String>, marker: String): Int {
        val found = lines.indices.filter { lines[it].trim() == marker }
        return found.singleOrNull() ?: fail(reference, "the line \"$marker\" is there ${found.size} times, not once")
    }

    private fun fail(reference: String, why: String): Nothing = throw DocumentationException("snippet $reference: $why")

    private companion object {
        val REFERENCE = Regex("""([^#\s]+)#([\w-]+)""")
        val MARKER = Regex("""\s*// snippet-(begin|end): [\w-]+\s*""")
        val LANGUAGES = mapOf("kt" to "kotlin", "java" to "java")
    }
}
