package dev.ringflow.docs

import org.jetbrains.dokka.DokkaConfigurationImpl
import org.jetbrains.dokka.DokkaGenerator
import org.jetbrains.dokka.DokkaModuleDescriptionImpl
import org.jetbrains.dokka.DokkaSourceSetID
import org.jetbrains.dokka.DokkaSourceSetImpl
import org.jetbrains.dokka.PackageOptionsImpl
import org.jetbrains.dokka.SourceLinkDefinitionImpl
import org.jetbrains.dokka.utilities.DokkaConsoleLogger
import org.jetbrains.dokka.utilities.LoggingLevel
import java.io.File
import java.net.URI

/** A module whose API is documented: its folder, its artifact, and the language that its pages speak. */
class DocumentedModule(val folder: String, val artifact: String, val language: String)

/** Writes the API of every module with Dokka: a pass for each, then a pass that joins them. */
class Reference(
    private val root: File,
    private val version: String,
    private val sourceUrl: String,
    private val dokkaJar: (artifact: String) -> File
) {
    private val classpath = System.getProperty("java.class.path").split(File.pathSeparator).map(::File)

    fun write(modules: List<DocumentedModule>, partials: File, site: File) {
        for (module in modules) generate(pass(module, partials.resolve(module.artifact)))
        generate(joined(modules, partials, site))
    }

    private fun pass(module: DocumentedModule, output: File): DokkaConfigurationImpl {
        val sources = root.resolve(module.folder).resolve("src/main/${module.language}")
        return DokkaConfigurationImpl(
            moduleName = module.artifact,
            moduleVersion = version,
            outputDir = output,
            offlineMode = true,
            failOnWarning = true,
            delayTemplateSubstitution = true,
            finalizeCoroutines = false,
            pluginsClasspath = if (module.language == "java") listOf(dokkaJar("kotlin-as-java-plugin")) else emptyList(),
            sourceSets =
                listOf(
                    DokkaSourceSetImpl(
                        displayName = "JVM",
                        sourceSetID = DokkaSourceSetID(module.artifact, "main"),
                        classpath = classpath,
                        sourceRoots = setOf(sources),
                        samples = setOf(root.resolve("examples-android-free/src/main/kotlin")),
                        includes = setOf(describing(module)),
                        reportUndocumented = true,
                        jdkVersion = 17,
                        sourceLinks = setOf(sourceLink(module, sources)),
                        perPackageOptions = listOf(hidden(""".*\.internal(\..*)?"""))
                    )
                )
        )
    }

    private fun joined(modules: List<DocumentedModule>, partials: File, site: File) =
        DokkaConfigurationImpl(
            moduleName = "RingFlow",
            moduleVersion = version,
            outputDir = site,
            offlineMode = true,
            failOnWarning = true,
            // never on the class path of the other passes: it would take their place
            pluginsClasspath = listOf("all-modules-page-plugin", "templating-plugin").map(dokkaJar),
            modules =
                modules.map {
                    DokkaModuleDescriptionImpl(
                        name = it.artifact,
                        relativePathToOutputDirectory = File(it.artifact),
                        includes = setOf(describing(it)),
                        sourceOutputDirectory = partials.resolve(it.artifact)
                    )
                }
        )

    private fun describing(module: DocumentedModule) = root.resolve(module.folder).resolve("Module.md")

    private fun sourceLink(module: DocumentedModule, sources: File) =
        SourceLinkDefinitionImpl(
            localDirectory = sources.path,
            remoteUrl = URI("$sourceUrl/blob/main/${module.folder}/src/main/${module.language}").toURL(),
            remoteLineSuffix = "#L"
        )

    private fun hidden(packages: String) =
        PackageOptionsImpl(
            matchingRegex = packages,
            includeNonPublic = false,
            reportUndocumented = false,
            skipDeprecated = false,
            suppress = true,
            documentedVisibilities = emptySet()
        )

    private fun generate(configuration: DokkaConfigurationImpl) =
        DokkaGenerator(configuration, DokkaConsoleLogger(LoggingLevel.WARN)).generate()
}
