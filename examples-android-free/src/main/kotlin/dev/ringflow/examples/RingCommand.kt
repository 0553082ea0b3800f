package dev.ringflow.examples

import com.github.ajalt.clikt.core.CliktCommand
import com.github.ajalt.clikt.core.CliktError
import com.github.ajalt.clikt.core.ProgramResult
import com.github.ajalt.clikt.core.UsageError
import com.github.ajalt.clikt.parameters.options.flag
import com.github.ajalt.clikt.parameters.options.option
import dev.ringflow.DriverAvailability.Reason.OTHER_PLATFORM
import dev.ringflow.Ring
import dev.ringflow.RingOptions
import dev.ringflow.UnknownDriverException

/** A command that uses a ring: with the options that all of them have, and errors made for people. */
internal abstract class RingCommand(name: String) : CliktCommand(name) {
    /** The driver that was asked for, null for the best one. */
    protected val driver: String? by option(
        "--driver",
        metavar = "NAME",
        help = "The driver to use, such as uring, windows or nio; the best one that works if not given."
    )

    private val debug by option("--debug", help = "Show stack traces.").flag()

    /** Does the work; an exception ends it with exit code 1. */
    protected abstract fun execute()

    final override fun run() {
        try {
            execute()
        } catch (e: CliktError) {
            throw e
        } catch (e: UnknownDriverException) {
            trace(e)
            val known = Ring.drivers().filter { it.reason() != OTHER_PLATFORM }.joinToString { it.driver() }
            throw UsageError("there is no driver \"$driver\". Known here: $known", "--driver").also {
                it.context = currentContext
            }
        } catch (e: Exception) {
            fail(e)
            throw ProgramResult(FAILED)
        }
    }

    /** Opens the ring that was asked for. */
    protected fun openRing(): Ring {
        val options = RingOptions.builder()
        driver?.let(options::driver)
        return Ring.open(options.build())
    }

    /** Tells of a failure in one line, and of where it happened if that is wanted. */
    protected fun fail(failure: Throwable) {
        echo("ringflow $commandName: ${explain(failure)}", err = true)
        trace(failure)
    }

    private fun trace(failure: Throwable) {
        if (debug) {
            echo(failure.stackTraceToString(), err = true)
        }
    }
}
