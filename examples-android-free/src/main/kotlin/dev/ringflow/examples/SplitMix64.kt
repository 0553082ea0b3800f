package dev.ringflow.examples

import java.nio.ByteBuffer

/** The generator SplitMix64: the same bytes for the same seed, quickly. */
internal class SplitMix64(private var state: Long) {
    /** The next 64 bits. */
    fun next(): Long {
        state += -0x61c8864680b583ebL
        var z = state
        z = (z xor (z ushr 30)) * -0x40a7b892e31b1a47L
        z = (z xor (z ushr 27)) * -0x6b2fb644ecceee15L
        return z xor (z ushr 31)
    }

    /** Fills what remains of a buffer. */
    fun fill(buffer: ByteBuffer) {
        while (buffer.remaining() >= Long.SIZE_BYTES) {
            buffer.putLong(next())
        }
        if (buffer.hasRemaining()) {
            var rest = next()
            while (buffer.hasRemaining()) {
                buffer.put(rest.toByte())
                rest = rest ushr Byte.SIZE_BITS
            }
        }
    }
}
