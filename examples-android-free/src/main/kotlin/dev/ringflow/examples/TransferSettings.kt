package dev.ringflow.examples

import com.github.ajalt.clikt.parameters.groups.OptionGroup
import com.github.ajalt.clikt.parameters.options.default
import com.github.ajalt.clikt.parameters.options.flag
import com.github.ajalt.clikt.parameters.options.option
import com.github.ajalt.clikt.parameters.options.validate
import com.github.ajalt.clikt.parameters.types.choice
import com.github.ajalt.clikt.parameters.types.int
import com.github.ajalt.clikt.parameters.types.restrictTo
import dev.ringflow.file.HashAlgorithm
import dev.ringflow.file.TransferListener
import dev.ringflow.file.TransferOptions

private const val MOST_POOLED = 1L shl 30
private const val MAX_DEPTH = 1024
private val DEFAULTS = TransferOptions.defaults()

internal val HASHES = mapOf("blake3" to HashAlgorithm.BLAKE3, "sha256" to HashAlgorithm.SHA_256)

/** How chunks are read: for whatever reads a file. */
internal class ReadingSettings : OptionGroup() {
    private val chunk by option("--chunk", help = "Bytes of each chunk, a power of two; 256k if not given.")
        .size(TransferOptions.MIN_CHUNK_SIZE.toLong()..TransferOptions.MAX_CHUNK_SIZE.toLong())
        .default(DEFAULTS.chunkSize().toLong())
        .validate { require(it.countOneBits() == 1) { "$it is no power of two" } }
    private val depth: Int by option("--depth", metavar = "N", help = "Chunks in flight, 1 to 1024; 32 if not given.")
        .int()
        .restrictTo(1..MAX_DEPTH)
        .default(DEFAULTS.depth())
        .validate {
            require(it * chunk <= MOST_POOLED) { "$it chunks of ${formatSize(chunk)} are more than 1 GiB of buffers" }
        }
    private val hash by option("--hash", help = "How chunks are hashed; sha256 if not given.")
        .choice(HASHES)
        .default(DEFAULTS.hash())
    private val direct by option("--direct", help = "Bypass the page cache where the file system can.").flag()

    fun applyTo(options: TransferOptions.Builder): TransferOptions.Builder =
        options.chunkSize(chunk.toInt()).depth(depth).hash(hash).directIo(direct)
}

/** How a file is written: for whatever makes one. */
internal class WritingSettings : OptionGroup() {
    private val force by option("--force", "-f", help = "Replace a file of that name.").flag()
    private val noResume by option("--no-resume", help = "Begin anew, and leave nothing when interrupted.").flag()
    private val noVerify by option("--no-verify", help = "Do not read back what was written.").flag()
    private val noSync by option("--no-sync", help = "Do not wait until it is on the disk.").flag()

    /** Whether a file of that name is replaced. */
    val overwrite: Boolean get() = force

    fun applyTo(options: TransferOptions.Builder): TransferOptions.Builder =
        options.overwrite(force).resume(!noResume).verify(!noVerify).sync(!noSync)
}

/** Options with somebody who watches. */
internal fun TransferOptions.Builder.watchedBy(listener: TransferListener): TransferOptions = listener(listener).build()
