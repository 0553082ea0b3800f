package dev.ringflow.coroutines

import dev.ringflow.Ring
import dev.ringflow.Support
import dev.ringflow.event.ForeignDescriptor
import dev.ringflow.event.PipeEnd
import dev.ringflow.event.PollEvents
import dev.ringflow.event.ProcessExit
import dev.ringflow.spi.OpCode
import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.longs.shouldBeGreaterThan
import io.kotest.matchers.longs.shouldBeLessThanOrEqual
import io.kotest.matchers.shouldBe
import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.CoroutineStart
import kotlinx.coroutines.TimeoutCancellationException
import kotlinx.coroutines.async
import kotlinx.coroutines.cancelAndJoin
import kotlinx.coroutines.delay
import kotlinx.coroutines.flow.collect
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.flow.take
import kotlinx.coroutines.flow.toList
import kotlinx.coroutines.launch
import kotlinx.coroutines.withContext
import kotlinx.coroutines.withTimeout
import kotlinx.coroutines.withTimeoutOrNull
import java.io.EOFException
import java.io.IOException
import java.nio.ByteBuffer
import java.nio.ByteOrder
import kotlin.time.Duration
import kotlin.time.Duration.Companion.hours
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.TimeSource

/** Waiting for what is neither file nor socket, with coroutines. */
class EventsSpec :
    FunSpec({
        onEachDriver {
            fun Ring.can(code: OpCode) = capabilities().support(code) != Support.NONE

            test("a clock begins after its own delay, and leaves nothing in flight") { ring ->
                ring.ticks(1.hours, Duration.ZERO).first() shouldBe 1
                val start = TimeSource.Monotonic.markNow()
                val ticks = ring.ticks(10.milliseconds, 30.milliseconds).take(3).toList()
                ticks shouldBe ticks.sorted().distinct()
                val sinceTheFirst = start.elapsedNow() - 30.milliseconds
                ticks.last() shouldBeLessThanOrEqual sinceTheFirst.inWholeMilliseconds / 10 + 1
                until("nothing is in flight") { ring.inFlight() == 0L }
                shouldThrow<IllegalArgumentException> { ring.ticks(1.hours, (-1).milliseconds) }
            }

            test("a collector that is busy for long stops the clock") { ring ->
                withContext(ring.dispatcher) {
                    var last = 0L
                    ring.ticks(4.milliseconds).take(3).collect {
                        it shouldBeGreaterThan last
                        last = it
                        delay(50.milliseconds)
                        ring.metrics().inFlight() shouldBe 0
                    }
                    last shouldBeGreaterThan 24
                }
            }

            test("bytes go through a pipe, and its end is the end") { ring ->
                ring.pipe().use { pipe ->
                    val content = bytes(200_000)
                    val writing = launch {
                        pipe.sink().writeFully(direct(content))
                        pipe.sink().closeAsync()
                    }
                    val buffer = ByteBuffer.allocateDirect(content.size)
                    pipe.source().readFully(buffer) shouldBe content.size
                    buffer.filled() shouldBe content
                    pipe.source().read(ByteBuffer.allocate(1)) shouldBe -1
                    shouldThrow<EOFException> { pipe.source().readFully(ByteBuffer.allocate(1)) }
                    writing.join()
                }
            }

            test("a cancelled read of a pipe takes nothing, and a pipe that nobody reads fails") { ring ->
                val pipe = ring.pipe()
                val reading = launch(start = CoroutineStart.UNDISPATCHED) { pipe.source().read(ByteBuffer.allocate(9)) }
                reading.cancelAndJoin()
                shouldThrow<TimeoutCancellationException> {
                    withTimeout(5.milliseconds) { pipe.source().read(ByteBuffer.allocateDirect(9)) }
                }
                pipe.sink().write(direct(bytes(3))) shouldBe 3
                pipe.source().read(ByteBuffer.allocate(9)) shouldBe 3
                pipe.source().closeAsync()
                until("the pipe is broken") {
                    runCatching { pipe.sink().write(direct(bytes(1))) }.exceptionOrNull() is IOException
                }
                pipe.closeAndJoin()
                ring.openHandles() shouldBe 0
            }

            test("the end of a process is told, and waiting for it can be given up") { ring ->
                ring.waitForExit(ProcessBuilder("sh", "-c", "exit 3").start()).status().asInt shouldBe 3
                val process = ProcessBuilder("sleep", "100").start()
                withTimeoutOrNull(10.milliseconds) { ring.waitForExit(process) } shouldBe null
                process.isAlive shouldBe true
                val handle = async(start = CoroutineStart.UNDISPATCHED) { ring.waitForExit(process.toHandle()) }
                process.destroyForcibly()
                handle.await().pid() shouldBe process.pid()
                until("nothing is in flight") { ring.inFlight() == 0L }
                if (ring.can(OpCode.WAIT_CHILD)) {
                    process.waitFor()
                    shouldThrow<IOException> { ring.waitForExit(process.pid()) }
                } else {
                    shouldThrow<UnsupportedOperationException> { ring.waitForExit(process.pid()) }
                    ring.waitForExit(process.toHandle()).reason() shouldBe ProcessExit.Reason.UNKNOWN
                }
            }

            test("descriptors of others are polled, read and written, or refused") { ring ->
                val pipe = ring.pipe()
                if (!ring.can(OpCode.POLL)) {
                    shouldThrow<UnsupportedOperationException> { ring.poll(0, PollEvents.READABLE) }
                    shouldThrow<UnsupportedOperationException> { ring.events(0, PollEvents.READABLE).collect() }
                    return@test
                }
                val source = ForeignDescriptor.of(ring, pipe.source().number())
                val sink = ForeignDescriptor.of(ring, pipe.sink().number())
                ring.poll(sink.number(), PollEvents.WRITABLE) shouldBe PollEvents.WRITABLE
                withTimeoutOrNull(5.milliseconds) { source.poll(PollEvents.READABLE) } shouldBe null
                ring.inFlight() shouldBe 0
                sink.write(direct(bytes(5))) shouldBe 5
                source.read(ByteBuffer.allocate(9)) shouldBe 5

                val buffer = ByteBuffer.allocate(100)
                val begun = CompletableDeferred<Unit>()
                val collecting = async {
                    var seen = 0L
                    source.events(PollEvents.READABLE).collect {
                        seen++
                        begun.complete(Unit)
                        // an event may be told of what was read already
                        withTimeoutOrNull(1.milliseconds) { source.read(buffer.clear()) }
                        delay(2.milliseconds)
                    }
                    seen
                }
                repeat(20) {
                    sink.write(direct(bytes(1)))
                    delay(1.milliseconds)
                }
                begun.await()
                pipe.sink().closeAsync()
                val seen = collecting.await() // the flow ends with the pipe
                seen shouldBeGreaterThan 1
                seen shouldBeLessThanOrEqual 40
                source.closeAndJoin()
                ring.inFlight() shouldBe 0
            }

            test("a cancelled collector of events leaves no poll behind") { ring ->
                if (!ring.can(OpCode.POLL)) return@test
                val pipe = ring.pipe()
                withTimeoutOrNull(10.milliseconds) {
                    ring.events(pipe.source().number(), PollEvents.READABLE).collect()
                } shouldBe null
                until("nothing is in flight") { ring.inFlight() == 0L }
                pipe.sink().write(direct(bytes(3)))
                pipe.source().read(ByteBuffer.allocate(3)) shouldBe 3
            }

            test("words of memory are waited for and woken, or refused") { ring ->
                val memory = ByteBuffer.allocateDirect(64).alignedSlice(4).order(ByteOrder.nativeOrder())
                memory.putInt(0, 1)
                if (!ring.can(OpCode.FUTEX_WAIT)) {
                    shouldThrow<UnsupportedOperationException> { ring.futexWait(memory, 0, 1) }
                    return@test
                }
                ring.futexWait(memory, 0, 2) shouldBe false
                withTimeoutOrNull(5.milliseconds) { ring.futexWait(memory, 0, 1) } shouldBe null
                val waiting = async(start = CoroutineStart.UNDISPATCHED) { ring.futexWait(memory, 0, 1) }
                until("it is woken") { ring.futexWake(memory, 0) == 1 }
                waiting.await() shouldBe true
            }
        }
    })

/** What the process knows an end of a pipe by. */
private fun PipeEnd.number(): Int = ring().unsafeDriver().descriptor(unsafeHandle())
