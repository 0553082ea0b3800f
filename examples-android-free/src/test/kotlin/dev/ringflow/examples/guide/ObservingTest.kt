package dev.ringflow.examples.guide

import dev.ringflow.examples.content
import dev.ringflow.examples.drivers
import dev.ringflow.examples.openRing
import io.kotest.core.spec.style.FunSpec
import io.kotest.engine.spec.tempfile
import io.kotest.matchers.doubles.shouldBeGreaterThan
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain
import io.kotest.matchers.string.shouldStartWith
import java.nio.ByteBuffer
import java.time.Duration
import java.util.concurrent.CompletableFuture
import java.util.concurrent.TimeUnit

class ObservingTest :
    FunSpec({
        test("system calls are told for each operation") {
            openRing(drivers().first()).use { ring ->
                val before = ring.metrics()
                Observing.callsPerOperation(before, before) shouldBe 0.0
                val file = ring.openFileAsync(tempfile().apply { writeBytes(content(64)) }.toPath()).get()
                repeat(10) { file.readAsync(ByteBuffer.allocateDirect(64), 0).get() }
                CompletableFuture.runAsync({ }, ring).get() // a driver may count when it has told
                Observing.callsPerOperation(before, ring.metrics()) shouldBeGreaterThan 0.0
            }
        }

        test("a stall is streamed with the ring and the callback") {
            val told = CompletableFuture<Pair<String, String>>()
            Observing.onStall { ring, callback -> told.complete(ring to callback) }.use {
                Observing.watched(Duration.ofMillis(50)).use { ring ->
                    ring.execute { told.get(30, TimeUnit.SECONDS) } // held until it is told
                    val (name, callback) = told.get(30, TimeUnit.SECONDS)
                    name shouldBe ring.name()
                    name shouldStartWith "orders-"
                    callback shouldContain "ObservingTest"
                }
            }
        }
    })
