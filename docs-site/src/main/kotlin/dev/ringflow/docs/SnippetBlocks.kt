package dev.ringflow.docs

import org.commonmark.node.AbstractVisitor
import org.commonmark.node.FencedCodeBlock
import org.commonmark.node.HtmlBlock
import org.commonmark.node.Node
import org.commonmark.parser.PostProcessor

/** Puts the code in the place of each comment `<!-- snippet: path#tag -->`. */
internal class SnippetBlocks(private val snippets: Snippets) : PostProcessor {
    override fun process(document: Node): Node {
        document.accept(
            object : AbstractVisitor() {
                override fun visit(block: HtmlBlock) {
                    val reference = COMMENT.matchEntire(block.literal.trim())?.groupValues?.get(1) ?: return
                    block.insertAfter(codeBlock(snippets.find(reference)))
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

    private companion object {
        val COMMENT = Regex("""<!--\s*snippet:\s*(.*?)\s*-->""")
    }
}
