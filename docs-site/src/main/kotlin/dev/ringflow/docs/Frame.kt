package dev.ringflow.docs

/** What is the same on every page of ours: head, navigation, foot. */
class Frame(private val version: String, private val navigation: List<NavigationPart>) {
    private val template = resource("page.html")

    /** [base] is the way from the page to the root of the site; [current] the guide that the page is, if it is one. */
    fun html(page: Page, base: String, current: GuideEntry? = null, neighbours: Neighbours = Neighbours()): String =
        PLACE.replace(template) {
            when (val name = it.groupValues[1]) {
                "title" -> Highlighter.escape(page.title)
                "body" -> page.body
                "base" -> base
                "version" -> Highlighter.escape(version)
                "guides" -> navigation.joinToString("\n") { part -> part(part, base, current) }
                "onthispage" -> onThisPage(page)
                "neighbours" -> neighbours(neighbours, base)
                else -> throw DocumentationException("page.html has a place for {{$name}}, which nothing fills")
            }
        }

    private fun part(part: NavigationPart, base: String, current: GuideEntry?): String {
        val heading = if (part.title.isEmpty()) "" else "<p>${Highlighter.escape(part.title)}</p>\n"
        val links = part.guides.joinToString("\n") { guide -> link(guide, base, guide == current) }
        return "$heading<ul>\n$links\n</ul>"
    }

    private fun link(guide: GuideEntry, base: String, isCurrent: Boolean): String {
        val mark = if (isCurrent) " aria-current=\"page\"" else ""
        return "<li><a href=\"${base}guide/${guide.file}\"$mark>${Highlighter.escape(guide.title)}</a></li>"
    }

    private fun onThisPage(page: Page): String {
        val parts = page.parts.filter { it.anchor.isNotEmpty() }
        if (parts.size < FEWEST_PARTS) return ""
        val links = parts.joinToString("") {
            "<li><a href=\"#${it.anchor}\">${Highlighter.escape(it.heading)}</a></li>"
        }
        return "<nav class=\"parts\" aria-label=\"On this page\"><p>On this page</p><ul>$links</ul></nav>"
    }

    private fun neighbours(neighbours: Neighbours, base: String): String {
        fun link(guide: GuideEntry?, name: String) = guide?.let {
            "<a rel=\"$name\" href=\"${base}guide/${it.file}\">${Highlighter.escape(it.title)}</a>"
        }
        val links = listOfNotNull(link(neighbours.before, "prev"), link(neighbours.after, "next"))
        if (links.isEmpty()) return ""
        return "<nav class=\"neighbours\" aria-label=\"Other pages\">${links.joinToString("")}</nav>"
    }

    companion object {
        private const val FEWEST_PARTS = 3
        private val PLACE = Regex("""\{\{(\w+)}}""")

        fun resource(name: String): String =
            checkNotNull(Frame::class.java.getResource(name)) { "no resource $name" }.readText()
    }
}

/** A guide in the navigation. */
data class GuideEntry(val file: String, val title: String)

/** A heading of the navigation, and the guides below it. */
data class NavigationPart(val title: String, val guides: List<GuideEntry>)

/** The guides before and after one. */
data class Neighbours(val before: GuideEntry? = null, val after: GuideEntry? = null)
