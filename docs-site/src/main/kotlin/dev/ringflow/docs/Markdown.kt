package dev.ringflow.docs

import org.commonmark.ext.gfm.tables.TablesExtension
import org.commonmark.ext.heading.anchor.HeadingAnchorExtension
import org.commonmark.ext.heading.anchor.IdGenerator
import org.commonmark.node.Heading
import org.commonmark.node.HtmlBlock
import org.commonmark.node.Node
import org.commonmark.parser.Parser
import org.commonmark.parser.PostProcessor
import org.commonmark.renderer.html.HtmlRenderer
import org.commonmark.renderer.text.TextContentRenderer

/** A page before its frame: what its first heading says, its HTML, and its parts. */
data class Page(val title: String, val body: String, val parts: List<PagePart> = emptyList())

/** What stands below one heading, as plain text. The part above the first of them has no anchor. */
data class PagePart(val heading: String, val anchor: String, val text: String)

/** Turns the Markdown of a guide into HTML: tables, anchors on headings, snippets, drawings, and links into the API. */
class Markdown(snippets: Snippets, private val links: ApiLinks, vararg replacements: PostProcessor) {
    private val extensions = listOf(TablesExtension.create(), HeadingAnchorExtension.create())
    private val parser = Parser.builder().extensions(extensions).postProcessor(SnippetBlocks(snippets))
        .apply { replacements.forEach(::postProcessor) }.build()
    private val renderer = HtmlRenderer.builder().extensions(extensions).nodeRendererFactory(::CodeBlocks).build()
    private val plainText = TextContentRenderer.builder().extensions(listOf(TablesExtension.create())).build()

    /** [base] is the way from the page to the root of the site: empty, or `../`. */
    fun page(markdown: String, base: String): Page {
        val document = parser.parse(links.expand(markdown, base))
        val heading = document.firstChild as? Heading ?: throw DocumentationException("a guide begins with its title")
        val title = plainText.render(heading).trim()
        return Page(title, renderer.render(document), parts(document, title))
    }

    private fun parts(document: Node, title: String): List<PagePart> {
        val ids = IdGenerator.builder().build()
        val parts = mutableListOf<PagePart>()
        val text = StringBuilder()
        var heading = title
        var anchor = ""
        for (node in generateSequence(document.firstChild, Node::getNext)) {
            if (node is Heading) {
                val words = plainText.render(node).trim()
                val id = ids.generateId(words)
                if (node.level == 2) {
                    parts += PagePart(heading, anchor, text.trim().toString())
                    text.clear()
                    heading = words
                    anchor = id
                }
            } else if (node !is HtmlBlock) {
                text.append(plainText.render(node)).append(' ')
            }
        }
        return parts + PagePart(heading, anchor, text.trim().toString())
    }
}
