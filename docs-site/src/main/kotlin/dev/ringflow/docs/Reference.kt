package dev.ringflow.docs

import com.fasterxml.jackson.databind.ObjectMapper
import org.jetbrains.dokka.DokkaConfiguration
import org.jetbrains.dokka.DokkaConfigurationImpl
import org.jetbrains.dokka.DokkaGenerator
import org.jetbrains.dokka.DokkaModuleDescriptionImpl
import org.jetbrains.dokka.DokkaSourceSetID
import org.jetbrains.dokka.DokkaSourceSetImpl
import org.jetbrains.dokka.PackageOptionsImpl
import org.jetbrains.dokka.PluginConfigurationImpl
import org.jetbrains.dokka.SourceLinkDefinitionImpl
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
        // a module without a public class has no pages
        generate(joined(modules.filter { partials.resolve(it.artifact).exists() }, partials, site))
    }

    private fun pass(module: DocumentedModule, output: File) = DokkaConfigurationImpl(
        moduleName = module.artifact,
        moduleVersion = version,
        outputDir = output,
        offlineMode = true,
        failOnWarning = true,
        delayTemplateSubstitution = true,
        finalizeCoroutines = false,
        pluginsConfiguration = listOf(look()),
        pluginsClasspath = pluginsFor(module.language),
        sourceSets = listOf(sourceSet(module))
    )

    private fun sourceSet(module: DocumentedModule): DokkaSourceSetImpl {
        val sources = root.resolve(module.folder).resolve("src/main/${module.language}")
        return DokkaSourceSetImpl(
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
    }

    /** Java is shown as Java; without the plugin Dokka would show it as Kotlin. */
    private fun pluginsFor(language: String) =
        if (language == "java") listOf(dokkaJar("kotlin-as-java-plugin")) else emptyList()

    private fun joined(modules: List<DocumentedModule>, partials: File, site: File) = DokkaConfigurationImpl(
        moduleName = "RingFlow",
        moduleVersion = version,
        outputDir = site,
        offlineMode = true,
        failOnWarning = true,
        pluginsConfiguration = listOf(look()),
        // never on the class path of the other passes: it would take their place
        pluginsClasspath = listOf("all-modules-page-plugin", "templating-plugin").map(dokkaJar),
        modules = modules.map { part(it, partials) }
    )

    private fun part(module: DocumentedModule, partials: File) = DokkaModuleDescriptionImpl(
        name = module.artifact,
        relativePathToOutputDirectory = File(module.artifact),
        includes = setOf(describing(module)),
        sourceOutputDirectory = partials.resolve(module.artifact)
    )

    private fun look(): PluginConfigurationImpl {
        val sources = root.resolve("docs-site/src/docs")
        val values = mapOf(
            "customAssets" to listOf(sources.resolve("logo-icon.svg").path),
            "templatesDir" to sources.resolve("templates").path,
            "footerMessage" to "RingFlow. Apache License 2.0."
        )
        return PluginConfigurationImpl(
            fqPluginName = "org.jetbrains.dokka.base.DokkaBase",
            serializationFormat = DokkaConfiguration.SerializationFormat.JSON,
            values = ObjectMapper().writeValueAsString(values)
        )
    }

    private fun describing(module: DocumentedModule) = root.resolve(module.folder).resolve("Module.md")

    private fun sourceLink(module: DocumentedModule, sources: File) = SourceLinkDefinitionImpl(
        localDirectory = sources.path,
        remoteUrl = URI("$sourceUrl/blob/main/${module.folder}/src/main/${module.language}").toURL(),
        remoteLineSuffix = "#L"
    )

    private fun hidden(packages: String) = PackageOptionsImpl(
        matchingRegex = packages,
        includeNonPublic = false,
        reportUndocumented = false,
        skipDeprecated = false,
        suppress = true,
        documentedVisibilities = emptySet()
    )

    private fun generate(configuration: DokkaConfigurationImpl) = DokkaGenerator(configuration, DokkaLog()).generate()
}
