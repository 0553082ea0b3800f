package dev.ringflow.coroutines

import dev.ringflow.file.ChainException
import dev.ringflow.file.ChainMember
import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldContainExactly
import io.kotest.matchers.shouldBe
import io.kotest.matchers.types.shouldBeInstanceOf
import kotlinx.coroutines.cancelAndJoin
import kotlinx.coroutines.launch
import java.io.EOFException
import java.nio.ByteBuffer
import java.nio.file.Files
import java.nio.file.StandardOpenOption.READ
import java.nio.file.StandardOpenOption.WRITE

class ChainsSpec :
    FunSpec({
        onEachDriver {
            test("link runs its members in order and returns what they did") { ring ->
                withTempFile { path ->
                    ring.openFile(path, READ, WRITE).use { file ->
                        val read = ByteBuffer.allocateDirect(100)
                        val result = ring.link {
                            write(file, direct(bytes(100)), 0)
                            sync(file)
                            read(file, read, 0)
                        }
                        result.members().map { it.outcome() }.toSet() shouldBe setOf(ChainMember.Outcome.DONE)
                        result.bytes(2) shouldBe 100
                        read.filled() shouldBe bytes(100)
                    }
                }
            }

            test("link throws what the failed member tells, and nothing comes after it") { ring ->
                withTempFile(bytes(10)) { path ->
                    ring.openFile(path, READ, WRITE).use { file ->
                        val thrown = shouldThrow<ChainException> {
                            ring.link {
                                read(file, ByteBuffer.allocateDirect(20), 0)
                                write(file, direct(ByteArray(10)), 0)
                            }
                        }
                        thrown.failedIndex() shouldBe 0
                        thrown.members().map { it.outcome() } shouldContainExactly
                            listOf(ChainMember.Outcome.FAILED, ChainMember.Outcome.CANCELLED)
                        generateSequence<Throwable>(thrown) { it.cause }.last().shouldBeInstanceOf<EOFException>()
                        Files.readAllBytes(path) shouldBe bytes(10)
                    }
                }
            }

            test("a cancelled link has let go of everything when it returns") { ring ->
                withTempFile { path ->
                    ring.openFile(path, READ, WRITE).use { file ->
                        repeat(50) {
                            val job = launch {
                                ring.link { repeat(20) { write(file, direct(bytes(10)), it * 10L).syncData(file) } }
                            }
                            job.cancelAndJoin()
                            ring.inFlight() shouldBe 0
                        }
                    }
                }
            }
        }
    })
