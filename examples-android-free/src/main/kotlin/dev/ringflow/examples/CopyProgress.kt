package dev.ringflow.examples

import com.github.ajalt.mordant.terminal.Terminal

/** Shows how a copy goes on: one progress bar after the other. */
internal class CopyProgress(private val terminal: Terminal) :
    FileCopy.Listener,
    AutoCloseable {
    private var bar: Progress? = null

    override fun begins(phase: FileCopy.Phase, size: Long) {
        close()
        bar = when (phase) {
            FileCopy.Phase.COPY -> Progress(terminal, "copy  ", "B", size)
            FileCopy.Phase.SYNC -> null
            FileCopy.Phase.VERIFY -> Progress(terminal, "verify", "B", size)
        }
    }

    override fun advanced(bytes: Long) {
        bar?.advance(bytes)
    }

    override fun close() {
        bar?.close()
        bar = null
    }
}
