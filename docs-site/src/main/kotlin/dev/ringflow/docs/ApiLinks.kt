package dev.ringflow.docs

/**
 * Turns `[[Ring.openFileAsync]]` into a link to the page of that symbol. A name is the end of a qualified name: as much
 * of it as tells the symbol from others. `[[Uring.submit|UringSubmission.submit]]` shows the first and means the
 * second: for what a class inherits.
 *
 * @param pages the page of each symbol, by its qualified name, below the folder `api`
 */
class ApiLinks(private val pages: Map<String, String>) {
    fun expand(markdown: String, base: String): String = LINK.replace(markdown) {
        val (shown, target) = it.destructured
        "[`$shown`](${base}api/${page(target.ifEmpty { shown })})"
    }

    private fun page(name: String): String {
        val found = pages.filterKeys { it == name || it.endsWith(".$name") }
        val shortest = found.keys.minOfOrNull(String::length)
        val nearest = found.filterKeys { it.length == shortest }.values.distinct()
        return nearest.singleOrNull()
            ?: throw DocumentationException("[[$name]] names ${found.keys.ifEmpty { "nothing in the API" }}")
    }

    private companion object {
        val LINK = Regex("""\[\[([\w.]+)(?:\|([\w.]+))?]]""")
    }
}
