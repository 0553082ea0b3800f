package dev.ringflow.docs

import java.io.File
import kotlin.io.path.listDirectoryEntries
import kotlin.system.exitProcess

private val modules =
    listOf(
        DocumentedModule("sdk-core-java", "ringflow-core", "java"),
        DocumentedModule("sdk-kotlin", "ringflow-kotlin", "kotlin"),
        DocumentedModule("native-uring-linux", "ringflow-uring-linux", "java"),
        DocumentedModule("native-ioring-windows", "ringflow-ioring-windows", "java"),
        DocumentedModule("sdk-micrometer", "ringflow-micrometer", "java"),
        DocumentedModule("driver-tck", "ringflow-driver-tck", "java")
    )

/**
 * Writes the site: the root of the project and the folder of the site are the arguments. With `--join DIR` it makes one
 * site of the sites of several versions; see [Versions.join].
 */
fun main(arguments: Array<String>) {
    val failure = runCatching {
        if (arguments.firstOrNull() == "--join") {
            println(Versions.join(File(arguments[1]).toPath()).joinToString(" "))
        } else {
            writeSite(File(arguments[0]).canonicalFile, File(arguments[1]))
        }
    }.exceptionOrNull()
    when (failure) {
        null -> {}
        is DocumentationException -> System.err.println(failure.message)
        else -> failure.printStackTrace()
    }
    exitProcess(if (failure == null) 0 else 1) // Dokka's analysis leaves threads that would keep the process
}

private fun writeSite(root: File, site: File) {
    val version = System.getProperty("ringflow.version")
    val api = site.resolve("api")
    val partials = site.resolveSibling("dokka-modules")
    site.deleteRecursively()
    partials.deleteRecursively()

    Reference(root, version, System.getProperty("ringflow.url"), ::dokkaJar).write(modules, partials, api)

    writeGuides(root, site, version)
}

/** Writes all but the API, which is there already, and looks at the links. */
internal fun writeGuides(root: File, site: File, version: String) {
    val pages = site.resolve("api/scripts/pages.json")
    val symbols = pages.readText()
    val sources = root.resolve("docs-site/src/docs").toPath()
    val links = ApiLinks(symbolPages(symbols))
    val markdown = Markdown(Snippets(root.toPath()), links, Diagrams(sources.resolve("diagrams")))
    val guides = Guides(sources, markdown, Includes(root.toPath()), version).write(site.toPath())

    site.resolve("search-index.js").writeText(searchIndex(guides + searchEntries(symbols)))
    site.resolve(Versions.SCRIPT).writeText(Versions.alone(version))
    pages.writeText(withGuides(symbols, guides))
    DeadLinks(site.toPath()).check(pagesOfOurs(site))
    RepositoryLinks(root.toPath()).check("README.md", "CONTRIBUTING.md", "CHANGELOG.md")
}

private fun pagesOfOurs(site: File) =
    site.resolve("guide").toPath().listDirectoryEntries("*.html").plusElement(site.resolve("index.html").toPath())

private fun dokkaJar(artifact: String): File {
    val version = System.getProperty("dokka.version")
    val repository = File(System.getProperty("maven.repository"))
    return repository.resolve("org/jetbrains/dokka/$artifact/$version/$artifact-$version.jar")
}
