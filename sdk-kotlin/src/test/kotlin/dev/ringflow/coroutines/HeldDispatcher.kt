package dev.ringflow.coroutines

import kotlinx.coroutines.CoroutineDispatcher
import kotlinx.coroutines.Runnable
import java.util.concurrent.ConcurrentLinkedQueue
import kotlin.coroutines.CoroutineContext

/** Runs nothing before it is told to. */
internal class HeldDispatcher : CoroutineDispatcher() {
    private val held = ConcurrentLinkedQueue<Runnable>()

    val isHolding: Boolean get() = held.isNotEmpty()

    override fun dispatch(context: CoroutineContext, block: Runnable) {
        held.add(block)
    }

    fun runOne() {
        held.poll()?.run()
    }

    fun runHeld() {
        generateSequence { held.poll() }.forEach { it.run() }
    }
}
