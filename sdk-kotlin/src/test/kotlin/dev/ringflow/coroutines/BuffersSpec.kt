package dev.ringflow.coroutines

import dev.ringflow.Ring
import dev.ringflow.buffer.BufferPool
import dev.ringflow.buffer.BufferPoolOptions
import dev.ringflow.buffer.RingBuffer
import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldContainExactly
import io.kotest.matchers.shouldBe
import io.kotest.matchers.types.shouldBeSameInstanceAs
import kotlinx.coroutines.CancellationException
import kotlinx.coroutines.CoroutineStart
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.async
import kotlinx.coroutines.cancelAndJoin
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.currentCoroutineContext
import kotlinx.coroutines.job
import kotlinx.coroutines.launch
import kotlinx.coroutines.withContext
import kotlinx.coroutines.withTimeoutOrNull
import kotlin.random.Random
import kotlin.time.Duration.Companion.milliseconds

private fun Ring.poolOf(buffers: Int): BufferPool = bufferPool(
    BufferPoolOptions.builder().bufferSize(64).slabSize(buffers).initialSlabs(1).maxSlabs(1).build()
)

class BuffersSpec :
    FunSpec({
        onEachDriver {
            test("a buffer that is free comes at once, and one that is not in turn") { ring ->
                ring.poolOf(2).use { pool ->
                    val held = listOf(pool.awaitBuffer(), pool.awaitBuffer())
                    val order = mutableListOf<Int>()
                    coroutineScope {
                        repeat(20) {
                            launch(ring.dispatcher, CoroutineStart.UNDISPATCHED) {
                                val lease = pool.awaitBuffer()
                                lease.isPooled shouldBe true
                                withContext(ring.dispatcher) { order += it }
                                lease.close()
                            }
                        }
                        pool.statistics().waiting() shouldBe 20
                        held.first().close()
                    }
                    order shouldContainExactly List(20) { it }
                    pool.available() shouldBe 1
                    held.last().close()
                }
            }

            test("the caller goes on where it was") { ring ->
                ring.poolOf(1).use { pool ->
                    val held = pool.awaitBuffer()
                    val waiting = async(ring.dispatcher) { pool.awaitBuffer().use { ring.isLoopThread } }
                    until("it waits") { pool.statistics().waiting() == 1 }
                    held.close()
                    waiting.await() shouldBe true
                    withContext(Dispatchers.Default) { pool.withBuffer { ring.isLoopThread } } shouldBe false
                }
            }

            test("a cancelled caller leaves the line and the next one is served") { ring ->
                ring.poolOf(1).use { pool ->
                    val held = pool.awaitBuffer()
                    val first = launch { pool.awaitBuffer().close() }
                    until("the first waits") { pool.statistics().waiting() == 1 }
                    val second = async { pool.awaitBuffer() }
                    until("both wait") { pool.statistics().waiting() == 2 }
                    first.cancelAndJoin()
                    pool.statistics().waiting() shouldBe 1
                    withTimeoutOrNull(1.milliseconds) { pool.awaitBuffer() } shouldBe null
                    held.close()
                    second.await().close()
                    pool.available() shouldBe 1
                }
            }

            test("a caller that is cancelled already takes no buffer") { ring ->
                ring.poolOf(1).use { pool ->
                    val job = launch {
                        currentCoroutineContext().job.cancel()
                        shouldThrow<CancellationException> { pool.awaitBuffer() }
                    }
                    job.join()
                    pool.available() shouldBe 1
                }
            }

            test("a buffer on its way to a caller that is cancelled meanwhile goes back") { ring ->
                ring.poolOf(1).use { pool ->
                    val held = HeldDispatcher()
                    val first = pool.awaitBuffer()
                    val waiting = launch(held, CoroutineStart.UNDISPATCHED) { pool.awaitBuffer() }
                    pool.statistics().waiting() shouldBe 1
                    first.close()
                    until("its resumption is on the way") { held.isHolding }
                    waiting.cancel()
                    held.runHeld()
                    waiting.join()
                    until("it is back") { pool.available() == 1 }
                }
            }

            test("cancelling at random loses no buffer") { ring ->
                ring.poolOf(3).use { pool ->
                    val random = Random(5)
                    coroutineScope {
                        repeat(2000) {
                            val user = launch(Dispatchers.Default) {
                                pool.withBuffer { lease ->
                                    lease.byteBuffer().putInt(0, it)
                                    withContext(ring.dispatcher) {}
                                    lease.byteBuffer().getInt(0) shouldBe it
                                }
                            }
                            if (random.nextInt(2) == 0) user.cancel()
                        }
                    }
                    until("all are back") { pool.available() == 3 }
                    pool.statistics().toString() shouldBe
                        "Slabs: 1/1, Buffers: 3/3 (100.0%), Fallbacks: 0 total"
                }
            }

            test("a pool that closes tells those who wait") { ring ->
                val pool = ring.poolOf(1)
                val held = pool.awaitBuffer()
                val waiting = async { runCatching { pool.awaitBuffer() } }
                until("it waits") { pool.statistics().waiting() == 1 }
                pool.close()
                (waiting.await().exceptionOrNull() is IllegalStateException) shouldBe true
                shouldThrow<IllegalStateException> { pool.awaitBuffer() }
                held.close()
            }

            test("withBuffer gives back also after a failure, and hands on what the block returns") { ring ->
                withTempFile(bytes(100)) { path ->
                    ring.openFile(path).use { file ->
                        ring.poolOf(1).use { pool ->
                            pool.withBuffer { file.read(it, 0) } shouldBe 64
                            val failure = IllegalArgumentException("of this test")
                            var kept: RingBuffer? = null
                            shouldThrow<IllegalArgumentException> {
                                pool.withBuffer {
                                    kept = it
                                    throw failure
                                }
                            } shouldBeSameInstanceAs failure
                            pool.available() shouldBe 1
                            shouldThrow<IllegalStateException> { kept!!.byteBuffer() }
                        }
                    }
                }
            }
        }
    })
