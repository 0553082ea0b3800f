package dev.ringflow.docs

import org.commonmark.node.AbstractVisitor
import org.commonmark.node.FencedCodeBlock
import org.commonmark.node.HtmlBlock
import org.commonmark.node.Node
import org.commonmark.parser.PostProcessor

/**
 * Puts the code in the place of each comment `<!-- snippet: path#tag -->`. Several references with `|` between them
 * become tabs, one for each language.
 */
internal class SnippetBlocks(private val snippets: Snippets) : PostProcessor {
    override fun process(document: Node): Node {
        var groups = 0
        document.accept(
            object : AbstractVisitor() {
                override fun visit(block: HtmlBlock) {
                    val references = COMMENT.matchEntire(block.literal.trim())?.groupValues?.get(1) ?: return
                    val found = references.split('|').map { snippets.find(it.trim()) }
                    if (found.size == 1) {
                        block.insertAfter(codeBlock(found.single()))
                    } else {
                        block.insertAfter(HtmlBlock().apply { literal = tabs(found, ++groups) })
                    }
                    block.unlink()
                }
            }
        )
        return document
    }

    private fun codeBlock(snippet: Snippet) = FencedCodeBlock().apply {
        info = snippet.language
        literal = snippet.code
    }

    /** Radio buttons make tabs without a script, and with a keyboard. */
    private fun tabs(found: List<Snippet>, group: Int): String {
        val buttons = found.withIndex().joinToString("\n") { (at, snippet) ->
            val id = "tabs-$group-${snippet.language}"
            val checked = if (at == 0) " checked" else ""
            "<input type=\"radio\" name=\"tabs-$group\" id=\"$id\" value=\"${snippet.language}\"$checked>" +
                "<label for=\"$id\">${NAMES.getValue(snippet.language)}</label>"
        }
        val panels = found.joinToString("\n") {
            "<pre class=\"panel-${it.language}\"><code class=\"language-${it.language}\">" +
                "${Highlighter.html(it.language, it.code)}</code></pre>"
        }
        return "<div class=\"tabs\">\n$buttons\n$panels\n</div>"
    }

    private companion object {
        val COMMENT = Regex("""<!--\s*snippet:\s*([\s\S]*?)\s*-->""")
        val NAMES = mapOf("java" to "Java", "kotlin" to "Kotlin")
    }
}
