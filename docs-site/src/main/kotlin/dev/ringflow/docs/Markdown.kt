package dev.ringflow.docs

import org.commonmark.ext.gfm.tables.TablesExtension
import org.commonmark.ext.heading.anchor.HeadingAnchorExtension
import org.commonmark.node.Heading
import org.commonmark.parser.Parser
import org.commonmark.renderer.html.HtmlRenderer
import org.commonmark.renderer.text.TextContentRenderer

/** A page before its frame: what its first heading says, and its HTML. */
data class Page(val title: String, val body: String)

/** Turns the Markdown of a guide into HTML: tables, anchors on headings, snippets, and links into the API. */
class Markdown(snippets: Snippets, private val links: ApiLinks) {
    private val extensions = listOf(TablesExtension.create(), HeadingAnchorExtension.create())
    private val parser = Parser.builder().extensions(extensions).postProcessor(SnippetBlocks(snippets)).build()
    private val renderer = HtmlRenderer.builder().extensions(extensions).nodeRendererFactory(::CodeBlocks).build()
    private val plainText = TextContentRenderer.builder().build()

    /** [base] is the way from the page to the root of the site: empty, or `../`. */
    fun page(markdown: String, base: String): Page {
        val document = parser.parse(links.expand(markdown, base))
        val heading = document.firstChild as? Heading ?: throw DocumentationException("a guide begins with its title")
        return Page(plainText.render(heading).trim(), renderer.render(document))
    }
}
