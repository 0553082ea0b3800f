dependencyResolutionManagement {
    repositories {
        // where the artifacts are as long as they are not on Maven Central: -Pringflow.repository=file:///...
        providers.gradleProperty("ringflow.repository").orNull?.let { maven(it) } ?: mavenLocal()
        mavenCentral()
    }
}

rootProject.name = "journal"
