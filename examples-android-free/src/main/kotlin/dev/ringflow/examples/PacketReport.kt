package dev.ringflow.examples

import dev.ringflow.net.packet.PacketTransport
import java.util.Locale

/** What a run of packets came to. */
internal class PacketReport(
    private val transport: PacketTransport,
    private val paths: PacketPaths,
    private val run: PacketRun,
    private val size: Int,
    private val roundTrip: Boolean
) {
    private val latencies = run.latencies()
    private val done = run.done()
    private val seconds = run.nanos / NANOS
    private val systemCalls = run.calls()
    private val lost get() = maxOf(0, done.sent() - received)

    /** Packets that came. */
    val received: Long = latencies.total

    fun lines(): List<String> = listOf(
        "driver ${transport.rings()[0].driver()}, ${transport.rings().size} queue(s), ${describe()}",
        "sent      ${formatCount(done.sent())} of $size bytes in ${formatNanos(run.nanos)}," +
            " ${decimal(done.sent().toDouble() / maxOf(1, done.batches()))} a batch",
        "received  ${formatCount(received)}: ${formatCount((received / seconds).toLong())} packets/s," +
            " ${formatSize(received * size / seconds)}/s",
        "lost      ${formatCount(lost)} (${decimal(percent())} %), ${done.sendErrors()} refused",
        "latency   ${if (roundTrip) "there and back" else "one way"}: " +
            QUANTILES.entries.joinToString { (name, share) -> "$name ${micros(latencies.quantile(share))}" } +
            ", max ${micros(latencies.longest)}",
        "syscalls  ${decimal(systemCalls.toDouble() / maxOf(1, received))} a packet, on the loop threads"
    )

    fun json(): String = Json.write(
        linkedMapOf(
            "driver" to transport.rings()[0].driver(),
            "queues" to transport.rings().size,
            "how" to describe(),
            "size" to size,
            "nanos" to run.nanos,
            "sent" to done.sent(),
            "sendErrors" to done.sendErrors(),
            "batches" to done.batches(),
            "received" to received,
            "declined" to done.declined(),
            "receiveErrors" to done.receiveErrors(),
            "exhausted" to done.exhausted(),
            "lost" to lost,
            "lostPercent" to percent(),
            "packetsPerSecond" to (received / seconds).toLong(),
            "bytesPerSecond" to (received * size / seconds).toLong(),
            "systemCalls" to systemCalls,
            "roundTrip" to roundTrip,
            "latencyNanos" to QUANTILES.mapValues { latencies.quantile(it.value) } + ("max" to latencies.longest)
        )
    )

    private fun describe() = paths.receivers[0].describe()

    private fun percent() = HUNDRED * lost / maxOf(1, done.sent())

    private fun micros(nanos: Long) = decimal(nanos / MICRO) + " us"

    private fun decimal(number: Double) = String.format(Locale.ROOT, "%.2f", number)

    private companion object {
        const val NANOS = 1e9
        const val MICRO = 1e3
        const val HUNDRED = 100.0
        val QUANTILES = linkedMapOf("p50" to 0.5, "p90" to 0.9, "p99" to 0.99, "p999" to 0.999)
    }
}
