package dev.ringflow.docs

import org.commonmark.node.AbstractVisitor
import org.commonmark.node.HtmlBlock
import org.commonmark.node.Node
import org.commonmark.parser.PostProcessor
import java.nio.file.Path
import kotlin.io.path.isRegularFile
import kotlin.io.path.readText

/**
 * Puts a drawing in the place of each comment `<!-- diagram: name -->`: the file `name.svg`, inline, so that it takes
 * the colours of the page. A drawing says in `<title>` and `<desc>` what it shows, for those who do not see it.
 */
class Diagrams(private val folder: Path) : PostProcessor {
    override fun process(document: Node): Node {
        document.accept(
            object : AbstractVisitor() {
                override fun visit(block: HtmlBlock) {
                    val name = COMMENT.matchEntire(block.literal.trim())?.groupValues?.get(1) ?: return
                    block.literal = "<figure>\n${drawing(name)}\n</figure>"
                }
            }
        )
        return document
    }

    private fun drawing(name: String): String {
        val file = folder.resolve("$name.svg")
        if (!file.isRegularFile()) throw DocumentationException("diagram $name: there is no such file")
        val svg = file.readText().trim()
        for (part in listOf("<title", "<desc", "viewBox=", "role=\"img\"")) {
            if (part !in svg) throw DocumentationException("diagram $name: it has no $part")
        }
        if (COLOUR.containsMatchIn(svg)) {
            throw DocumentationException("diagram $name: colours come from site.css, or it cannot be read in the dark")
        }
        return svg
    }

    private companion object {
        val COMMENT = Regex("""<!--\s*diagram:\s*([\w-]+)\s*-->""")
        val COLOUR = Regex("""(?:fill|stroke)="(?!none|currentColor)|style=""")
    }
}
