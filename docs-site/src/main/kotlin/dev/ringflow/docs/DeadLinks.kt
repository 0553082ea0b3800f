package dev.ringflow.docs

import java.nio.file.Path
import kotlin.io.path.exists
import kotlin.io.path.readText
import kotlin.io.path.relativeTo

/** Looks at every link of a page that stays within the site. */
class DeadLinks(private val site: Path) {
    fun check(pages: List<Path>) {
        val dead = pages.flatMap { page ->
            targets(page).filterNot { leadsSomewhere(page, it) }.map { "${page.relativeTo(site)}: $it" }
        }
        if (dead.isNotEmpty()) throw DocumentationException("dead links:\n" + dead.joinToString("\n"))
    }

    private fun targets(page: Path): List<String> {
        val targets = LINK.findAll(page.readText()).map { it.groupValues[1] }
        return targets.filterNot { ':' in it }.toList()
    }

    private fun leadsSomewhere(page: Path, link: String): Boolean {
        val file = link.substringBefore('#')
        val target = if (file.isEmpty()) page else page.resolveSibling(file)
        if (!target.exists()) return false
        val anchor = link.substringAfter('#', "")
        return anchor.isEmpty() || "id=\"$anchor\"" in target.readText()
    }

    private companion object {
        val LINK = Regex("""(?:href|src)="([^"]+)"""")
    }
}
