package dev.ringflow.docs

import org.commonmark.node.FencedCodeBlock
import org.commonmark.node.Node
import org.commonmark.renderer.NodeRenderer
import org.commonmark.renderer.html.HtmlNodeRendererContext

/** Writes a code block with its language and its colours. */
internal class CodeBlocks(context: HtmlNodeRendererContext) : NodeRenderer {
    private val html = context.writer

    override fun getNodeTypes(): Set<Class<out Node>> = setOf(FencedCodeBlock::class.java)

    override fun render(node: Node) {
        val block = node as FencedCodeBlock
        val language = block.info.orEmpty().ifEmpty { "text" }
        html.line()
        html.tag("pre")
        html.tag("code", mapOf("class" to "language-$language"))
        html.raw(Highlighter.html(language, block.literal.trimEnd('\n')))
        html.tag("/code")
        html.tag("/pre")
        html.line()
    }
}
