package dev.ringflow.examples

import com.github.ajalt.clikt.core.CliktError
import com.github.ajalt.clikt.core.MultiUsageError
import com.github.ajalt.clikt.core.PrintHelpMessage
import com.github.ajalt.clikt.core.UsageError
import com.github.ajalt.clikt.core.parse
import kotlin.system.exitProcess

/** The exit code of a command that did what was asked. */
internal const val OK = 0

/** The exit code of a command that failed. */
internal const val FAILED = 1

/** The exit code of a command line that makes no sense. */
internal const val USAGE = 2

/** Runs the command line `ringflow` and exits with its exit code. */
public fun main(args: Array<String>) {
    oneLineLogging()
    exitProcess(ringflow(args.asList()))
}

/** Runs a command line and answers its exit code. */
internal fun ringflow(args: List<String>): Int {
    val root = Ringflow.withCommands()
    return try {
        root.parse(args)
        OK
    } catch (e: CliktError) {
        if (e is MultiUsageError) {
            e.context = e.errors.firstNotNullOfOrNull { it.context } // so that the usage is that of the command
        }
        root.echoFormattedHelp(e)
        when {
            e is UsageError -> USAGE
            e is PrintHelpMessage && e.error -> USAGE
            else -> e.statusCode
        }
    } catch (e: OutOfMemoryError) {
        System.err.println(
            "ringflow: out of memory (${e.message}). Use smaller chunks or less depth, or a larger -Xmx."
        )
        FAILED
    } catch (e: LinkageError) {
        System.err.println("ringflow: a class or native library is missing or does not fit: $e")
        FAILED
    }
}

/** The library's warnings, such as that a driver cannot be had, in one line each. */
private fun oneLineLogging() {
    val key = "java.util.logging.SimpleFormatter.format"
    if (System.getProperty(key) == null) {
        System.setProperty(key, "%5\$s%6\$s%n")
    }
}
