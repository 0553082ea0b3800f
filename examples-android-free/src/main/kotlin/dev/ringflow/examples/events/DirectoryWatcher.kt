package dev.ringflow.examples.events

import dev.ringflow.Ring
import dev.ringflow.RingOptions
import dev.ringflow.coroutines.closeAndJoin
import dev.ringflow.coroutines.dispatcher
import dev.ringflow.coroutines.events
import dev.ringflow.coroutines.read
import dev.ringflow.event.ForeignDescriptor
import dev.ringflow.event.PollEvents
import dev.ringflow.uring.event.Inotify
import dev.ringflow.uring.event.InotifyEvent
import kotlinx.coroutines.NonCancellable
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.flow
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.withContext
import java.nio.ByteBuffer
import java.nio.ByteOrder
import java.nio.file.Path

// snippet-begin: inotify

/** What happens in [directory]: names that appear, names that go, and files that somebody has finished writing. */
fun changesOf(ring: Ring, directory: Path): Flow<InotifyEvent> = flow {
    Inotify.open().use { inotify ->
        inotify.watch(directory, CHANGES)
        val descriptor = ForeignDescriptor.of(ring, inotify.number())
        val buffer = ByteBuffer.allocateDirect(64 * 1024).order(ByteOrder.nativeOrder())
        try {
            descriptor.events(PollEvents.READABLE).collect {
                descriptor.read(buffer.clear())
                InotifyEvent.takeFrom(buffer.flip()).forEach { emit(it) }
            }
        } finally {
            withContext(NonCancellable) { descriptor.closeAndJoin() } // the kernel lets go before it is closed
        }
    }
}

private const val CHANGES = Inotify.IN_CREATE or Inotify.IN_MOVED_TO or Inotify.IN_MOVED_FROM or Inotify.IN_DELETE or
    Inotify.IN_CLOSE_WRITE or Inotify.IN_ONLYDIR

// snippet-end: inotify

/** Prints what happens in a directory, until it is interrupted. */
fun main(arguments: Array<String>): Unit = Ring.open(RingOptions.builder().driver("uring").build()).use { ring ->
    runBlocking(ring.dispatcher) {
        changesOf(ring, Path.of(arguments.firstOrNull() ?: ".")).collect { println(it) }
    }
}
