package dev.ringflow.examples

import dev.ringflow.net.packet.PacketPort
import dev.ringflow.net.packet.PacketStatistics
import dev.ringflow.net.packet.PacketTransmitter
import java.util.concurrent.atomic.AtomicLong
import java.util.concurrent.locks.LockSupport
import kotlin.concurrent.thread

/**
 * Sends packets from [senders] and counts them at [receivers]: each carries its number and the time of its sending. A
 * thread for each sender, the loops of their ports for the rest.
 *
 * @property head bytes that stand before each packet's own, such as an Ethernet header
 * @property skip bytes before the packet's own where it is received
 * @property size bytes of each packet, its head left out
 * @property rate packets a second in all, 0 for as many as go
 * @property batch packets handed over at once
 */
internal class PacketRun(
    private val senders: List<PacketPort>,
    private val receivers: List<PacketPort>,
    private val head: ByteArray,
    private val skip: Int,
    private val size: Int,
    private val rate: Long,
    private val batch: Int
) : AutoCloseable {
    private val before = statistics()
    private val callsBefore = systemCalls()
    private val registrations = ArrayList<AutoCloseable>()
    private val latencies = receivers.map { PacketLatencies() }
    private val seen = AtomicLong()
    private val mark = System.nanoTime()

    /** How long it took, from the first packet sent to the last received, in nanoseconds. */
    var nanos = 0L
        private set

    /** What the ports have done since this began. */
    fun done(): PacketStatistics = statistics().since(before)

    /** System calls of the loop threads since this began. */
    fun calls(): Long = systemCalls() - callsBefore

    private fun statistics() = (senders + receivers).distinct().map { it.statistics() }.reduce { a, b -> a.plus(b) }

    private fun systemCalls() = (senders + receivers).map { it.ring() }.distinct().sumOf { it.metrics().systemCalls() }

    /** Times from sending to receiving. */
    fun latencies(): PacketLatencies = PacketLatencies().also { all -> latencies.forEach(all::add) }

    /** Sends [count] packets, and waits until all have come or no more do. */
    fun send(count: Long, advanced: (Long) -> Unit) {
        receivers.forEachIndexed { i, port -> receive(port, latencies[i]) }
        val begin = System.nanoTime()
        val threads = senders.mapIndexed { i, port ->
            val share = count / senders.size + if (i < count % senders.size) 1 else 0
            val transmitter = port.transmitter()
            registrations += transmitter
            thread(name = "packets-${i + 1}", isDaemon = true) { send(transmitter, share) }
        }
        var last = begin
        var known = 0L
        while (true) {
            LockSupport.parkNanos(TICK_NANOS)
            val now = System.nanoTime()
            val received = seen.get()
            if (received > known) {
                advanced(received - known)
                known = received
                last = now
            }
            if (received >= count || (threads.none { it.isAlive } && now - last > PATIENCE_NANOS)) {
                break
            }
        }
        nanos = maxOf(1, last - begin)
        threads.forEach { it.join() }
    }

    private fun receive(port: PacketPort, into: PacketLatencies) {
        registrations += port.addReceiver { packet ->
            val data = packet.data()
            val ours = data.limit() >= skip + STAMP && data.getLong(skip) == mark
            if (ours) {
                into.add(System.nanoTime() - data.getLong(skip + Long.SIZE_BYTES))
                seen.incrementAndGet()
            }
            ours
        }
        port.start()
    }

    private fun send(transmitter: PacketTransmitter, count: Long) {
        val begin = System.nanoTime()
        val gap = if (rate == 0L) 0.0 else NANOS * senders.size / rate
        var queued = 0
        for (number in 0 until count) {
            if (gap > 0 && queued > 0 && begin + (number * gap).toLong() > System.nanoTime()) {
                transmitter.flush()
                queued = 0
            }
            awaitTime(begin + (number * gap).toLong())
            var buffer = transmitter.nextBuffer()
            while (buffer == null) {
                transmitter.flush()
                LockSupport.parkNanos(WAIT_NANOS)
                check(transmitter.port().isOpen) { "the port is closed" }
                buffer = transmitter.nextBuffer()
            }
            buffer.put(head).putLong(mark).putLong(System.nanoTime())
            transmitter.queue(head.size + size)
            if (++queued == batch) {
                transmitter.flush()
                queued = 0
            }
        }
        transmitter.flush()
    }

    override fun close() {
        registrations.forEach { it.close() }
    }

    private fun awaitTime(time: Long) {
        var left = time - System.nanoTime()
        while (left > 0) {
            if (left > WAIT_NANOS) {
                LockSupport.parkNanos(left - WAIT_NANOS / 2)
            } else {
                Thread.onSpinWait()
            }
            left = time - System.nanoTime()
        }
    }

    companion object {
        /** The least that a packet holds. */
        const val STAMP = 2 * Long.SIZE_BYTES
        private const val NANOS = 1e9
        private const val TICK_NANOS = 1_000_000L
        private const val WAIT_NANOS = 20_000L
        private const val PATIENCE_NANOS = 500_000_000L
    }
}
