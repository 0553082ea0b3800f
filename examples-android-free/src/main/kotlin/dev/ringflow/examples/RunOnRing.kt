package dev.ringflow.examples

import dev.ringflow.Ring
import dev.ringflow.coroutines.dispatcher
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Job
import kotlinx.coroutines.cancel
import kotlinx.coroutines.runBlocking
import java.util.concurrent.CountDownLatch
import java.util.concurrent.TimeUnit

private const val CLEAN_UP_SECONDS = 10L

/**
 * Runs [block] on the loop thread of [ring] and waits for it. Ctrl-C and SIGTERM cancel it, and the process ends only
 * when it has cleaned up after itself.
 */
internal fun <T> runOnRing(ring: Ring, block: suspend CoroutineScope.() -> T): T {
    val job = Job()
    val done = CountDownLatch(1)
    val hook = Thread {
        job.cancel("interrupted")
        done.await(CLEAN_UP_SECONDS, TimeUnit.SECONDS)
    }
    val runtime = Runtime.getRuntime()
    runtime.addShutdownHook(hook)
    try {
        return runBlocking(ring.dispatcher + job, block)
    } finally {
        done.countDown()
        try {
            runtime.removeShutdownHook(hook)
        } catch (_: IllegalStateException) {
            // the process is ending, and the hook runs
        }
    }
}
