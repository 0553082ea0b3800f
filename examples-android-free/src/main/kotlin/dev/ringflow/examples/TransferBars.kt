package dev.ringflow.examples

import com.github.ajalt.mordant.terminal.Terminal
import dev.ringflow.file.TransferListener
import dev.ringflow.file.TransferProgress

/** Shows how a transfer goes on: one progress bar after the other. */
internal class TransferBars(private val terminal: Terminal, private val moving: String) :
    TransferListener,
    AutoCloseable {
    private var phase: TransferProgress.Phase? = null
    private var bar: Progress? = null
    private var shown = 0L

    override fun progressed(progress: TransferProgress) {
        if (progress.phase() != phase) {
            begin(progress)
        }
        bar?.advance(progress.bytesDone() - shown)
        shown = progress.bytesDone()
    }

    private fun begin(progress: TransferProgress) {
        close()
        phase = progress.phase()
        shown = 0
        val title = when (progress.phase()) {
            TransferProgress.Phase.CHECKING -> "check "
            TransferProgress.Phase.MOVING -> moving
            TransferProgress.Phase.VERIFYING -> "verify"
            TransferProgress.Phase.FINISHING -> null
        }
        bar = title?.let { Progress(terminal, it.padEnd(TITLE), "B", progress.bytesTotal()) }
    }

    override fun close() {
        bar?.close()
        bar = null
    }

    private companion object {
        const val TITLE = 7
    }
}
