package dev.ringflow.docs

import org.jetbrains.dokka.utilities.parseJson

/** The page of each symbol by its qualified name, out of the index that Dokka writes for its search. */
fun symbolPages(index: String): Map<String, String> =
    parseJson<List<Map<String, Any>>>(index).associate { it.getValue("description") as String to it.getValue("location") as String }
