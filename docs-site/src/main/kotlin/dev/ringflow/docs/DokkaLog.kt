package dev.ringflow.docs

import org.jetbrains.dokka.utilities.DokkaConsoleLogger
import org.jetbrains.dokka.utilities.DokkaLogger
import org.jetbrains.dokka.utilities.LoggingLevel

/** What Dokka has to say, without the wish that `toString` and its like be documented wherever they are overridden. */
class DokkaLog(private val log: DokkaLogger = DokkaConsoleLogger(LoggingLevel.WARN)) : DokkaLogger by log {
    override fun warn(message: String) {
        if (!OF_OBJECT.containsMatchIn(message)) log.warn(message)
    }

    private companion object {
        val OF_OBJECT = Regex("""^Undocumented: .*/(toString|hashCode|equals)/#""")
    }
}
