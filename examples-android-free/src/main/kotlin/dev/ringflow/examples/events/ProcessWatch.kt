package dev.ringflow.examples.events

import dev.ringflow.Ring
import dev.ringflow.RingOptions
import dev.ringflow.coroutines.dispatcher
import dev.ringflow.coroutines.poll
import dev.ringflow.coroutines.waitForExit
import dev.ringflow.event.PollEvents
import dev.ringflow.event.ProcessExit
import dev.ringflow.uring.event.Pidfd
import kotlinx.coroutines.async
import kotlinx.coroutines.awaitAll
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.runBlocking

// snippet-begin: pidfd

/** Waits for the end of a process, child or not, through a descriptor that never stands for another process. */
suspend fun awaitEnd(ring: Ring, pid: Long) {
    Pidfd.open(pid).use { ring.poll(it.number(), PollEvents.READABLE) }
}

/** Runs commands side by side and tells how each ended; no thread waits for them. */
suspend fun runAll(ring: Ring, commands: List<List<String>>): List<ProcessExit> = coroutineScope {
    commands.map { async { ring.waitForExit(ProcessBuilder(it).start()) } }.awaitAll()
}

// snippet-end: pidfd

/** Runs each argument as a command of the shell, all at once, and prints how each ended. */
fun runCommands(arguments: List<String>): Unit = Ring.open(RingOptions.builder().driver("uring").build()).use { ring ->
    runBlocking(ring.dispatcher) {
        runAll(ring, arguments.map { listOf("sh", "-c", it) }).zip(arguments).forEach { (exit, command) ->
            println("$command: ${exit.reason().name.lowercase()} ${exit.value()}")
        }
    }
}
