package dev.ringflow.coroutines

import dev.ringflow.RingClosedException
import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldBeSorted
import io.kotest.matchers.collections.shouldContainExactly
import io.kotest.matchers.longs.shouldBeGreaterThanOrEqual
import io.kotest.matchers.longs.shouldBeLessThanOrEqual
import io.kotest.matchers.shouldBe
import kotlinx.coroutines.CoroutineName
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.TimeoutCancellationException
import kotlinx.coroutines.async
import kotlinx.coroutines.awaitAll
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.delay
import kotlinx.coroutines.flow.collect
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.flow.onEach
import kotlinx.coroutines.flow.take
import kotlinx.coroutines.flow.toList
import kotlinx.coroutines.launch
import kotlinx.coroutines.withContext
import kotlinx.coroutines.withTimeout
import kotlinx.coroutines.withTimeoutOrNull
import java.lang.ref.WeakReference
import kotlin.random.Random
import kotlin.time.Duration
import kotlin.time.Duration.Companion.hours
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.Duration.Companion.nanoseconds
import kotlin.time.TimeSource

class TimersSpec :
    FunSpec({
        onEachDriver {
            test("delays end in the order of their times, none of them early") { ring ->
                withContext(ring.dispatcher) {
                    val order = ArrayList<Int>()
                    val start = TimeSource.Monotonic.markNow()
                    coroutineScope {
                        for (millis in listOf(60, 20, 40, 0, 80)) {
                            launch {
                                delay(millis.milliseconds)
                                (start.elapsedNow() >= millis.milliseconds) shouldBe true
                                order += millis
                            }
                        }
                    }
                    order shouldContainExactly listOf(0, 20, 40, 60, 80)
                }
            }

            test("2,000 delays, half of them cancelled") { ring ->
                withContext(ring.dispatcher) {
                    val random = Random(1)
                    val ended = List(2000) {
                        async {
                            if (it % 2 == 0) {
                                delay(random.nextLong(20))
                                1
                            } else {
                                withTimeoutOrNull(random.nextLong(20)) { delay(1.hours) }
                                0
                            }
                        }
                    }.awaitAll().sum()
                    ended shouldBe 1000
                }
            }

            test("a timeout from another dispatcher, and the longest delay there is") { ring ->
                shouldThrow<TimeoutCancellationException> {
                    withTimeout(10.milliseconds) { withContext(ring.dispatcher) { delay(Duration.INFINITE) } }
                }
                shouldThrow<TimeoutCancellationException> {
                    withContext(ring.dispatcher) { withTimeout(10.milliseconds) { delay(Long.MAX_VALUE - 1) } }
                }
            }

            test("timers that are no longer needed keep nothing alive") { ring ->
                val markers = withContext(ring.dispatcher) {
                    List(10) {
                        val marker = CoroutineName("number $it")
                        withContext(marker) {
                            withTimeout(1.hours) { delay(1.milliseconds) }
                            withTimeoutOrNull(1.milliseconds) { delay(1.hours) }
                        }
                        WeakReference(marker)
                    }
                }
                until("all are collected") {
                    System.gc()
                    markers.all { it.get() == null }
                }
            }

            for (name in listOf("the loop thread", "another thread")) {
                test("ticks count the periods since they were collected, on $name") { ring ->
                    withContext(if (name == "the loop thread") ring.dispatcher else Dispatchers.Default) {
                        val start = TimeSource.Monotonic.markNow()
                        val ticks = ring.ticks(5.milliseconds)
                            .onEach { (start.elapsedNow() >= 5.milliseconds * it.toInt()) shouldBe true }
                            .take(20)
                            .toList()
                        ticks.shouldBeSorted()
                        ticks.toSet().size shouldBe 20
                        ticks.last() shouldBeGreaterThanOrEqual 20
                        ticks.last() shouldBeLessThanOrEqual start.elapsedNow().inWholeMilliseconds / 5
                    }
                }
            }

            test("ticks that a slow collector misses show as a gap") { ring ->
                withContext(ring.dispatcher) {
                    var before = 0L
                    ring.ticks(2.milliseconds).take(3).collect {
                        if (before > 0) it - before shouldBeGreaterThanOrEqual 5
                        before = it
                        delay(10.milliseconds)
                    }
                }
            }

            test("ticks end with the collector, and fail when the ring closes") { ring ->
                ring.ticks(1.nanoseconds).first() shouldBeGreaterThanOrEqual 1
                withTimeoutOrNull(10.milliseconds) { ring.ticks(1.hours).collect() } shouldBe null
                val collecting = async { runCatching { ring.ticks(1.hours).collect() }.exceptionOrNull() }
                withContext(ring.dispatcher) {}
                ring.closeAndJoin()
                (collecting.await() is RingClosedException) shouldBe true
                shouldThrow<RingClosedException> { ring.ticks(1.milliseconds).collect() }
            }

            test("ticks need a period") { ring ->
                for (period in listOf(Duration.ZERO, (-1).milliseconds, Duration.INFINITE)) {
                    shouldThrow<IllegalArgumentException> { ring.ticks(period) }
                }
            }
        }
    })
