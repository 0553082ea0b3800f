package dev.ringflow.examples

import com.github.ajalt.mordant.animation.progress.ThreadProgressTaskAnimator
import com.github.ajalt.mordant.animation.progress.animateOnThread
import com.github.ajalt.mordant.animation.progress.execute
import com.github.ajalt.mordant.animation.progress.update
import com.github.ajalt.mordant.terminal.Terminal
import com.github.ajalt.mordant.widgets.progress.completed
import com.github.ajalt.mordant.widgets.progress.percentage
import com.github.ajalt.mordant.widgets.progress.progressBar
import com.github.ajalt.mordant.widgets.progress.progressBarLayout
import com.github.ajalt.mordant.widgets.progress.speed
import com.github.ajalt.mordant.widgets.progress.text
import com.github.ajalt.mordant.widgets.progress.timeRemaining
import java.util.concurrent.Executors
import java.util.concurrent.Future

/**
 * A progress bar, on a terminal only: elsewhere it does nothing. It is drawn by a thread of its own, and goes away when
 * it is closed. One thread advances it.
 */
internal class Progress(terminal: Terminal, title: String, unit: String, total: Long) : AutoCloseable {
    private val bar: ThreadProgressTaskAnimator<Unit>?
    private val drawing: Future<*>?
    private var done = 0L
    private var shownAt = 0L

    init {
        if (terminal.terminalInfo.outputInteractive && total > 0) {
            val layout = progressBarLayout {
                text(title)
                progressBar(width = BAR_WIDTH)
                percentage()
                completed(suffix = unit)
                speed(suffix = "$unit/s")
                timeRemaining()
            }
            bar = layout.animateOnThread(terminal, total = total, clearWhenFinished = true)
            drawing = bar.execute(DRAWING)
        } else {
            bar = null
            drawing = null
        }
    }

    /** [amount] more is done. Cheap enough for every message. */
    fun advance(amount: Long) {
        if (bar == null) {
            return
        }
        done += amount
        val now = System.nanoTime()
        if (now - shownAt > SHOW_EVERY_NANOS) {
            shownAt = now
            bar.update(done)
        }
    }

    override fun close() {
        if (bar == null) {
            return
        }
        bar.stop()
        drawing?.cancel(true)
        bar.clear()
    }

    companion object {
        /** The name of the threads that draw. */
        const val THREAD_NAME = "ringflow-progress"
        private const val BAR_WIDTH = 32
        private const val SHOW_EVERY_NANOS = 50_000_000L
        private val DRAWING = Executors.newCachedThreadPool { Thread(it, THREAD_NAME).apply { isDaemon = true } }
    }
}
