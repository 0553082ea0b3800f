package dev.ringflow.examples.events

import dev.ringflow.Ring
import dev.ringflow.RingOptions
import dev.ringflow.coroutines.dispatcher
import dev.ringflow.uring.event.Inotify
import io.kotest.core.spec.style.FunSpec
import io.kotest.engine.spec.tempdir
import io.kotest.matchers.collections.shouldContainExactly
import io.kotest.matchers.longs.shouldBeGreaterThanOrEqual
import io.kotest.matchers.shouldBe
import kotlinx.coroutines.CoroutineStart
import kotlinx.coroutines.async
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.flow.take
import kotlinx.coroutines.flow.toList
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.withTimeout
import java.nio.file.Files
import java.time.Duration
import kotlin.time.Duration.Companion.seconds

class EventProgramsTest :
    FunSpec({
        val usable = Ring.drivers().any { it.driver() == "uring" && it.isUsable }

        fun onRing(block: suspend (Ring) -> Unit) =
            Ring.open(RingOptions.builder().driver("uring").build()).use { ring ->
                runBlocking(ring.dispatcher) { withTimeout(30.seconds) { block(ring) } }
                ring.metrics().callbackFailures() shouldBe 0
            }

        test("changes of a directory are told in their order").config(enabled = usable) {
            val directory = tempdir().toPath()
            onRing { ring ->
                coroutineScope {
                    val changes = async(start = CoroutineStart.UNDISPATCHED) {
                        changesOf(ring, directory).take(3).toList()
                    }
                    Files.writeString(directory.resolve("a"), "content")
                    Files.delete(directory.resolve("a"))
                    changes.await().map { it.mask() to it.name() } shouldContainExactly listOf(
                        Inotify.IN_CREATE to "a",
                        Inotify.IN_CLOSE_WRITE to "a",
                        Inotify.IN_DELETE to "a"
                    )
                }
            }
        }

        test("the alarm clock rings as often as it should, and not early").config(enabled = usable) {
            Ring.open(RingOptions.builder().driver("uring").build()).use { ring ->
                val start = System.nanoTime()
                var rung = 0L
                AlarmClock.ring(ring, Duration.ofMillis(5), 4) { rung = it }
                rung shouldBeGreaterThanOrEqual 4
                (System.nanoTime() - start) shouldBeGreaterThanOrEqual rung * 5_000_000
            }
        }

        test("processes are waited for side by side").config(enabled = usable) {
            onRing { ring ->
                val exits = runAll(ring, listOf("exit 0", "exit 7").map { listOf("sh", "-c", it) })
                exits.map { it.status().asInt } shouldContainExactly listOf(0, 7)
                val process = ProcessBuilder("sleep", "100").start()
                val ended = process.pid()
                process.destroyForcibly()
                runCatching { awaitEnd(ring, ended) } // it may be gone already
                ring.metrics().inFlight() shouldBe 0
            }
        }
    })
