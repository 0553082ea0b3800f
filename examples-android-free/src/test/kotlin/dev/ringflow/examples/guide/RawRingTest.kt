package dev.ringflow.examples.guide

import dev.ringflow.uring.Memory
import dev.ringflow.uring.Uring
import dev.ringflow.uring.UringConstants
import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.spec.style.FunSpec
import io.kotest.engine.spec.tempdir
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain
import java.io.IOException

class RawRingTest :
    FunSpec({
        val directory = tempdir().toPath()

        test("what is written durably is read back") {
            val path = directory.resolve("ø.txt")
            val bytes = "by the raw ring".encodeToByteArray()

            RawRing.writeDurably(path, Memory.allocate(bytes.size, 1).put(0, bytes))

            RawRing.beginningOf(path) shouldBe "by the raw ring"
        }

        test("a missing file is named by its error") {
            shouldThrow<IOException> { RawRing.beginningOf(directory.resolve("missing")) }
                .message shouldContain "openat: ENOENT"
        }

        test("a probe says what the kernel has") {
            Uring.open(8).use { ring ->
                RawRing.readsMultishot() shouldBe (ring.probe.lastOp() >= UringConstants.IORING_OP_READ_MULTISHOT)
            }
        }
    })
