package dev.ringflow.docs

import com.fasterxml.jackson.databind.ObjectMapper
import com.fasterxml.jackson.databind.node.ArrayNode

/**
 * Something that a search may find.
 *
 * @property title what it is called
 * @property context where it belongs: the page of a part, the package of a symbol
 * @property location its page, from the root of the site
 * @property text words in which to look as well; empty for a symbol
 */
data class SearchEntry(val title: String, val context: String, val location: String, val text: String)

/** The parts of a page, each of which a search may find. */
fun searchEntries(page: Page, location: String): List<SearchEntry> = page.parts.map { part ->
    val anchor = if (part.anchor.isEmpty()) "" else "#${part.anchor}"
    SearchEntry(part.heading, page.title, location + anchor, part.text.replace(Regex("\\s+"), " "))
}

/** The symbols in the index that Dokka writes, as entries of ours. A function with several signatures is found once. */
fun searchEntries(dokkaIndex: String): List<SearchEntry> = ObjectMapper().readTree(dokkaIndex).map {
    val name = it.path("description").asText()
    val location = "api/" + it.path("location").asText()
    SearchEntry(name.substringAfterLast('.'), name.substringBeforeLast('.', ""), location, "")
}.distinctBy { it.context + '.' + it.title }

/** A script that gives the page what it searches in; a script and not JSON, so that it works without a server too. */
fun searchIndex(entries: List<SearchEntry>): String {
    val rows = entries.map { listOf(it.title, it.context, it.location, it.text) }
    return "window.ringflowSearch = " + ObjectMapper().writeValueAsString(rows) + ";\n"
}

/** Dokka's index with the guides in it, so that the search on its pages finds them too. */
fun withGuides(dokkaIndex: String, guides: List<SearchEntry>): String {
    val index = ObjectMapper().readTree(dokkaIndex) as ArrayNode
    for (guide in guides) {
        index.addObject().apply {
            put("name", guide.title)
            put("description", "Guide: ${guide.context}")
            put("location", "../${guide.location}")
            putArray("searchKeys").add(guide.title)
        }
    }
    return ObjectMapper().writeValueAsString(index)
}
