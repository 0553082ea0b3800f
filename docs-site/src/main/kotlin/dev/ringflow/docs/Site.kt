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
        DocumentedModule("driver-tck", "ringflow-driver-tck", "java")
    )

/** Writes the site: the root of the project and the folder of the site are the arguments. */
fun main(arguments: Array<String>) {
    val failure = runCatching { writeSite(File(arguments[0]).canonicalFile, File(arguments[1])) }.exceptionOrNull()
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

    val links = ApiLinks(symbolPages(api.resolve("scripts/pages.json").readText()))
    val markdown = Markdown(Snippets(root.toPath()), links)
    Guides(root.resolve("docs-site/src/docs").toPath(), markdown, version).write(site.toPath())
    DeadLinks(site.toPath()).check(pagesOfOurs(site))
}

private fun pagesOfOurs(site: File) =
    site.resolve("guide").toPath().listDirectoryEntries("*.html").plusElement(site.resolve("index.html").toPath())

private fun dokkaJar(artifact: String): File {
    val version = System.getProperty("dokka.version")
    val repository = File(System.getProperty("maven.repository"))
    return repository.resolve("org/jetbrains/dokka/$artifact/$version/$artifact-$version.jar")
}
