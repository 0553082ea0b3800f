package dev.ringflow.docs

import org.commonmark.ext.heading.anchor.IdGenerator
import org.commonmark.node.AbstractVisitor
import org.commonmark.node.Heading
import org.commonmark.node.Link
import org.commonmark.node.Node
import org.commonmark.parser.Parser
import org.commonmark.renderer.text.TextContentRenderer
import java.nio.file.Path
import kotlin.io.path.exists
import kotlin.io.path.extension
import kotlin.io.path.readText

/**
 * Looks at the links of Markdown files that are read where they lie, such as the README: files and headings must be
 * there.
 */
class RepositoryLinks(private val root: Path) {
    private val parser = Parser.builder().build()
    private val plainText = TextContentRenderer.builder().build()

    fun check(vararg files: String) {
        val dead = files.flatMap { name ->
            val file = root.resolve(name)
            links(file).filterNot { ':' in it || leadsSomewhere(file, it) }.map { "$name: $it" }
        }
        if (dead.isNotEmpty()) throw DocumentationException("dead links:\n" + dead.joinToString("\n"))
    }

    private fun leadsSomewhere(from: Path, link: String): Boolean {
        val file = link.substringBefore('#')
        val target = if (file.isEmpty()) from else from.resolveSibling(file)
        if (!target.exists()) return false
        val anchor = link.substringAfter('#', "")
        return anchor.isEmpty() || (target.extension == "md" && anchor in anchors(target))
    }

    private fun links(file: Path) = nodes(file).filterIsInstance<Link>().map(Link::getDestination)

    private fun anchors(file: Path): List<String> {
        val ids = IdGenerator.builder().build()
        return nodes(file).filterIsInstance<Heading>().map { ids.generateId(plainText.render(it).trim()) }
    }

    private fun nodes(file: Path): List<Node> {
        val nodes = mutableListOf<Node>()
        parser.parse(file.readText()).accept(
            object : AbstractVisitor() {
                override fun visitChildren(parent: Node) {
                    nodes += parent
                    super.visitChildren(parent)
                }
            }
        )
        return nodes
    }
}
