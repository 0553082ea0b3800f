package dev.ringflow.docs

import dev.ringflow.QueueDepth
import dev.ringflow.RingOptions
import io.kotest.assertions.withClue
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldContainExactlyInAnyOrder
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldStartWith
import java.io.File
import java.time.Duration

/** The configuration reference has every option of a ring, and the defaults of the code. */
class ConfigurationPageTest :
    FunSpec({
        val page = File("src/docs/guide/configuration.md").readText()
        val rows = page.lines().filter { it.startsWith("| `") }.map { row -> row.trim('|', ' ').split(" | ") }
        val options = rows.filter { it.size == 4 }.associate { it[0].trim('`') to it[1].replace("`", "") }

        test("no option is missing, and none is there that the code does not have") {
            val setters = RingOptions.Builder::class.java.methods
                .filter { it.declaringClass.name.startsWith("dev.ringflow.") && it.name != "build" && !it.isBridge }
                .map { it.name }.distinct()
            options.keys shouldContainExactlyInAnyOrder setters
        }

        test("the defaults are those of the code") {
            val defaults = RingOptions.defaults()
            val processors = Runtime.getRuntime().availableProcessors()
            defaults.boundedWorkers() shouldBe 4 * processors
            val expected = mapOf(
                "driver" to if (defaults.driver() == null) "the best" else defaults.driver(),
                "entries" to defaults.entries(),
                "depth" to QueueDepth.values().single { it.entries() == defaults.entries() },
                "completionEntries" to defaults.completionEntries(),
                "fileTable" to defaults.fileTable(),
                "threadName" to defaults.threadName(),
                "stallLimit" to seconds(defaults.stallLimit()),
                "jmx" to defaults.jmx(),
                "closeTimeout" to seconds(defaults.closeTimeout()),
                "waiting" to defaults.waitMode(),
                "submissionThread" to if (defaults.submissionThread() == null) "none" else defaults.submissionThread(),
                "polledCompletions" to defaults.polledCompletions(),
                "workers" to "4 for each processor, and ${defaults.unboundedWorkers()}",
                "pinnedThread" to defaults.pinnedThread()
            )
            for ((option, default) in options) {
                withClue(option) { default shouldStartWith expected[option].toString() }
            }
        }
    })

private fun seconds(duration: Duration) = "${duration.toSeconds()} s"
