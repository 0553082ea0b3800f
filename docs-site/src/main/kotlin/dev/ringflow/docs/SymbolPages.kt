package dev.ringflow.docs

import com.fasterxml.jackson.databind.JsonNode
import com.fasterxml.jackson.databind.ObjectMapper

/**
 * The page of each symbol by its qualified name, out of the index that Dokka writes for its search. An extension counts
 * as a member of its receiver: `fun Ring.ticks(…)` in the package `p` is `p.Ring.ticks`.
 */
fun symbolPages(index: String): Map<String, String> =
    ObjectMapper().readTree(index).associate { qualifiedName(it) to it.path("location").asText() }

private fun qualifiedName(symbol: JsonNode): String {
    val name = symbol.path("description").asText()
    val receiver = EXTENSION.find(symbol.path("name").asText())?.groupValues?.get(1) ?: return name
    return "${name.substringBeforeLast('.')}.$receiver.${name.substringAfterLast('.')}"
}

private val EXTENSION = Regex("""^(?:\w+ )*(?:fun|va[lr]) (?:<[^>]*> )?(\w+)(?:<[^>]*>)?\.\w+""")
