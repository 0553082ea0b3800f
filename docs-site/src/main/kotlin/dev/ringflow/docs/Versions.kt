package dev.ringflow.docs

import com.fasterxml.jackson.databind.ObjectMapper
import java.nio.file.Path
import kotlin.io.path.createDirectories
import kotlin.io.path.exists
import kotlin.io.path.isDirectory
import kotlin.io.path.listDirectoryEntries
import kotlin.io.path.name
import kotlin.io.path.writeText

/**
 * Sites of several versions beside each other. Each site has a script `versions.js` that names them all, from which its
 * pages make the list to choose from. A site by itself names only its own version.
 */
object Versions {
    const val SCRIPT: String = "versions.js"

    /** The script of a site that stands alone. */
    fun alone(version: String): String = script(version, listOf(version to ""))

    /**
     * Makes one site of a folder that has the site of each version in a folder of that name: tells each of the others,
     * and leads from the front to the newest.
     *
     * @return the versions, the newest first
     */
    fun join(folder: Path): List<String> {
        val versions = folder.listDirectoryEntries().filter { it.isDirectory() && it.resolve("index.html").exists() }
            .map { it.name }.sortedWith(NEWEST_FIRST)
        if (versions.isEmpty()) throw DocumentationException("$folder has no folder with the site of a version in it")
        for (version in versions) {
            folder.resolve(version).resolve(SCRIPT).writeText(script(version, versions.map { it to "../$it/" }))
        }
        folder.createDirectories().resolve("index.html").writeText(
            "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>RingFlow</title>" +
                "<meta http-equiv=\"refresh\" content=\"0; url=${versions.first()}/index.html\"></head>" +
                "<body><a href=\"${versions.first()}/index.html\">RingFlow ${versions.first()}</a></body></html>\n"
        )
        return versions
    }

    private fun script(current: String, versions: List<Pair<String, String>>): String {
        val rows = versions.map { (name, path) -> mapOf("name" to name, "path" to path) }
        return "window.ringflowVersions = " +
            ObjectMapper().writeValueAsString(mapOf("current" to current, "all" to rows)) + ";\n"
    }

    private fun numbers(version: String) = version.substringBefore('-').split('.').map { it.toIntOrNull() ?: 0 }

    /** As Semantic Versioning orders them, but for what comes after a hyphen: such a version is older than without. */
    private val NEWEST_FIRST = Comparator<String> { one, other -> compare(other, one) }

    private fun compare(one: String, other: String): Int {
        val (ours, theirs) = listOf(one, other).map(::numbers)
        for (at in 0 until maxOf(ours.size, theirs.size)) {
            val order = ours.getOrElse(at) { 0 }.compareTo(theirs.getOrElse(at) { 0 })
            if (order != 0) return order
        }
        val tails = listOf(one, other).map { it.substringAfter('-', "") }
        if (tails.any(String::isEmpty)) return tails[1].length.compareTo(tails[0].length)
        return tails[0].compareTo(tails[1])
    }
}
