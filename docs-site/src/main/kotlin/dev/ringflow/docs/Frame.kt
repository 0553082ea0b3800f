package dev.ringflow.docs

/** What is the same on every page of ours: head, navigation, foot. */
class Frame(private val version: String, private val guides: List<GuideEntry>) {
    private val template = resource("page.html")

    fun html(page: Page, base: String): String = PLACE.replace(template) {
        when (val name = it.groupValues[1]) {
            "title" -> Highlighter.escape(page.title)
            "body" -> page.body
            "base" -> base
            "version" -> Highlighter.escape(version)
            "guides" -> guides.joinToString("\n") { guide -> link(guide, base) }
            else -> throw DocumentationException("page.html has a place for {{$name}}, which nothing fills")
        }
    }

    private fun link(guide: GuideEntry, base: String) =
        "<a href=\"${base}guide/${guide.file}\">${Highlighter.escape(guide.title)}</a>"

    companion object {
        private val PLACE = Regex("""\{\{(\w+)}}""")

        fun resource(name: String): String =
            checkNotNull(Frame::class.java.getResource(name)) { "no resource $name" }.readText()
    }
}

/** A guide in the navigation. */
data class GuideEntry(val file: String, val title: String)
