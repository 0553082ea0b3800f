package dev.ringflow.coroutines

import dev.ringflow.RingCallback
import dev.ringflow.file.RingFile
import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldContainExactly
import io.kotest.matchers.should
import io.kotest.matchers.shouldBe
import io.kotest.matchers.types.shouldBeInstanceOf
import io.kotest.matchers.types.shouldBeSameInstanceAs
import kotlinx.coroutines.CancellationException
import kotlinx.coroutines.CompletionHandler
import kotlinx.coroutines.CoroutineStart.UNDISPATCHED
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.DisposableHandle
import kotlinx.coroutines.ExperimentalForInheritanceCoroutinesApi
import kotlinx.coroutines.InternalCoroutinesApi
import kotlinx.coroutines.InternalForInheritanceCoroutinesApi
import kotlinx.coroutines.Job
import kotlinx.coroutines.async
import kotlinx.coroutines.cancel
import kotlinx.coroutines.currentCoroutineContext
import kotlinx.coroutines.job
import kotlinx.coroutines.launch
import kotlinx.coroutines.yield
import java.io.FileNotFoundException
import java.io.IOException
import java.nio.ByteBuffer
import java.util.concurrent.CompletableFuture
import java.util.concurrent.CountDownLatch
import java.util.concurrent.TimeUnit
import java.util.concurrent.atomic.AtomicInteger
import kotlin.coroutines.Continuation
import kotlin.coroutines.CoroutineContext
import kotlin.coroutines.startCoroutine

/** What a call does between coroutine and kernel, with the test in the kernel's place. */
class SuspendedCallSpec :
    FunSpec({
        test("a result that is there before the coroutine suspends is taken without suspending") {
            await<Int> { it.completed(7) } shouldBe 7
            awaitDone { it.completed(null) } shouldBe Unit
            shouldThrow<FileNotFoundException> { await<Int> { it.failed(FileNotFoundException()) } }
        }

        test("a cancelled coroutine goes on when the kernel has let go, and not before") {
            bounded {
                var kernel: RingCallback<Int>? = null
                val call = async(start = UNDISPATCHED) { runCatching { await<Int> { kernel = it } } }
                call.cancel()
                repeat(1000) { yield() }
                call.isCompleted shouldBe false
                kernel!!.failed(CancellationException("by the kernel"))
                call.join()
            }
        }

        test("a transfer that succeeds although it was cancelled gives its result") {
            bounded {
                var kernel: RingCallback<Int>? = null
                var bytes = 0
                val call = launch(start = UNDISPATCHED) { bytes = await { kernel = it } }
                call.cancel()
                kernel!!.completed(42)
                call.join()
                bytes shouldBe 42
            }
        }

        test("a resource that comes although it was cancelled is closed, before its dispatch and during it") {
            bounded {
                for (cancelFirst in listOf(true, false)) {
                    val dispatcher = HeldDispatcher()
                    var kernel: RingCallback<String>? = null
                    var outcome: Result<String>? = null
                    val discarded = ArrayList<String>()
                    val call = launch(dispatcher) {
                        outcome = runCatching { awaitResource(discarded::add) { kernel = it } }
                    }
                    dispatcher.runHeld()
                    if (cancelFirst) call.cancel()
                    kernel!!.completed("a resource")
                    if (!cancelFirst) call.cancel()
                    dispatcher.runHeld()
                    outcome!!.exceptionOrNull().shouldBeInstanceOf<CancellationException>()
                    discarded shouldContainExactly listOf("a resource")
                    call.join()
                }
            }
        }

        test("a coroutine that is cancelled already asks nothing of the kernel") {
            bounded {
                val calls = AtomicInteger()
                val call = launch {
                    currentCoroutineContext().cancel()
                    shouldThrow<CancellationException> { await<Int> { calls.incrementAndGet() } }
                    shouldThrow<CancellationException> { awaitDone { calls.incrementAndGet() } }
                    shouldThrow<CancellationException> { awaitResource<String>({}) { calls.incrementAndGet() } }
                }
                call.join()
                calls.get() shouldBe 0
            }
        }

        test("the failure of a cancelled call is the job's own cancellation, and a real error hangs on it") {
            bounded {
                val failure = IOException("the disk is gone")
                var kernel: RingCallback<Int>? = null
                var thrown: Throwable? = null
                val call = launch(start = UNDISPATCHED) {
                    thrown = runCatching { await<Int> { kernel = it } }.exceptionOrNull()
                }
                val reason = CancellationException("no longer wanted")
                call.cancel(reason)
                kernel!!.failed(failure)
                call.join()
                thrown.shouldBeSameInstanceAs(reason)
                reason.suppressed.toList() shouldContainExactly listOf(failure)
            }
        }

        test("a cancellation that the job knows nothing of does not end the coroutine in silence") {
            val thrown = shouldThrow<IOException> {
                await<Int> { it.failed(CancellationException("READ was cancelled")) }
            }
            thrown.cause.shouldBeInstanceOf<CancellationException>()
        }

        test("the watch over the job is set once for each call, and always disposed") {
            bounded {
                val job = WatchedJob(Job())
                val done = CompletableFuture<Unit>()
                var kernel: RingCallback<Int>? = null
                val body: suspend () -> Unit = {
                    await<Int> { it.completed(1) } // comes before the watch
                    await<Int> { kernel = it }
                    runCatching { await<Int> { kernel = it } }
                }
                body.startCoroutine(Continuation(job) { done.complete(it.getOrThrow()) })
                job.watches.get() shouldBe 1
                kernel!!.completed(1)
                job.watches.get() shouldBe 1
                kernel.failed(IOException())
                done.get(10, TimeUnit.SECONDS)
                job.watches.get() shouldBe 0
            }
        }

        test("an exception at the start leaves nothing behind") {
            bounded {
                val job = WatchedJob(Job())
                val outcome = CompletableFuture<Result<Int>>()
                val body: suspend () -> Int = { await { throw IllegalArgumentException("no") } }
                body.startCoroutine(Continuation(job) { outcome.complete(it) })
                outcome.get(10, TimeUnit.SECONDS).exceptionOrNull().shouldBeInstanceOf<IllegalArgumentException>()
                job.watches.get() shouldBe 0
            }
        }

        test("a failure keeps object and class, and shows who asked") {
            bounded {
                var kernel: RingCallback<Int>? = null
                var thrown: Throwable? = null
                launch(start = UNDISPATCHED) { thrown = runCatching { asking { kernel = it } }.exceptionOrNull() }
                val failure = FileNotFoundException("x")
                kernel!!.failed(failure)
                until("it is thrown") { thrown != null }
                thrown.shouldBeSameInstanceAs(failure)
                failure.stackTrace.map { it.methodName } should { it.contains("asking") shouldBe true }
            }
        }

        onEachDriver {
            test("a cancellation just before and just after the submission reaches the kernel") { ring ->
                for (dispatcher in listOf(ring.dispatcher, Dispatchers.Default)) {
                    for (before in listOf(true, false)) {
                        val (client, _) = ring.pair()
                        var thrown: Throwable? = null
                        val receiving = launch(dispatcher) {
                            val job = currentCoroutineContext().job
                            thrown = runCatching {
                                await<Int> {
                                    if (before) job.cancel()
                                    client.receive(ByteBuffer.allocateDirect(1), it)
                                    if (!before) job.cancel()
                                }
                            }.exceptionOrNull()
                        }
                        receiving.join()
                        thrown.shouldBeInstanceOf<CancellationException>()
                        until("nothing is in flight") { ring.inFlight() == 0L }
                    }
                }
            }

            test("a file that arrives for a cancelled coroutine is closed") { ring ->
                withTempFile { path ->
                    val held = HeldDispatcher()
                    var outcome: Result<RingFile>? = null
                    val opening = launch(held) { outcome = runCatching { ring.openFile(path) } }
                    val suspended = CountDownLatch(1)
                    ring.execute { suspended.await() } // so that the file does not come before
                    held.runHeld()
                    suspended.countDown()
                    until("the file is there") { held.isHolding && ring.openHandles() == 1L }
                    opening.cancel()
                    held.runHeld()
                    outcome!!.exceptionOrNull().shouldBeInstanceOf<CancellationException>()
                    until("it is closed") { ring.openHandles() == 0L }
                }
            }
        }
    })

private suspend fun asking(start: (RingCallback<Int>) -> Unit): Int {
    val answer = await(start)
    return answer
}

/** Counts who watches it. */
@OptIn(
    InternalCoroutinesApi::class,
    InternalForInheritanceCoroutinesApi::class,
    ExperimentalForInheritanceCoroutinesApi::class
)
private class WatchedJob(private val job: Job) : Job by job {
    val watches = AtomicInteger()

    @Suppress("UNCHECKED_CAST") // the key says so
    override fun <E : CoroutineContext.Element> get(key: CoroutineContext.Key<E>): E? =
        if (key == Job) this as E else null

    override fun invokeOnCompletion(
        onCancelling: Boolean,
        invokeImmediately: Boolean,
        handler: CompletionHandler
    ): DisposableHandle {
        val watch = job.invokeOnCompletion(onCancelling, invokeImmediately, handler)
        watches.incrementAndGet()
        return DisposableHandle {
            watches.decrementAndGet()
            watch.dispose()
        }
    }
}
