package dev.ringflow.examples

import com.github.ajalt.clikt.core.Context
import com.github.ajalt.clikt.core.terminal
import com.github.ajalt.clikt.parameters.arguments.argument
import com.github.ajalt.clikt.parameters.arguments.default
import com.github.ajalt.clikt.parameters.options.default
import com.github.ajalt.clikt.parameters.options.flag
import com.github.ajalt.clikt.parameters.options.option
import com.github.ajalt.clikt.parameters.types.choice
import com.github.ajalt.clikt.parameters.types.enum
import com.github.ajalt.clikt.parameters.types.int
import com.github.ajalt.clikt.parameters.types.long
import com.github.ajalt.clikt.parameters.types.restrictTo
import dev.ringflow.WaitMode
import dev.ringflow.net.packet.PacketEndpoint
import dev.ringflow.net.packet.PacketOptions
import dev.ringflow.net.packet.PacketPort
import dev.ringflow.net.packet.PacketTransport
import kotlinx.coroutines.awaitCancellation
import java.net.InetSocketAddress

/** `ringflow packets`. */
internal class PacketsCommand : RingCommand("packets") {
    private val kind by argument("KIND", help = "What carries them: udp, ip (raw), link (Ethernet frames).")
        .enum<PacketEndpoint.Kind> { it.name.lowercase() }
        .default(PacketEndpoint.Kind.UDP)
    private val count by option("--count", metavar = "N", help = "Packets to send; 100000 if not given.")
        .long()
        .restrictTo(1L..MAX_COUNT)
        .default(DEFAULT_COUNT)
    private val size by option("--size", metavar = "BYTES", help = "Bytes of each, without headers; 64 if not given.")
        .int()
        .restrictTo(PacketRun.STAMP..MAX_SIZE)
        .default(DEFAULT_SIZE)
    private val rate by option("--rate", metavar = "N", help = "Packets a second; as many as go if not given.")
        .long()
        .restrictTo(1L..MAX_RATE)
        .default(0)
    private val queues by option("--queues", metavar = "N", help = "Rings, with a thread each; 1 if not given.")
        .int()
        .restrictTo(1..MAX_QUEUES)
        .default(1)
    private val batch by option("--batch", metavar = "N", help = "Packets handed over at once; 32 if not given.")
        .int()
        .restrictTo(1..MAX_BATCH)
        .default(DEFAULT_BATCH)
    private val warmUp by option("--warm-up", metavar = "N", help = "Packets before those; 20000 if not given.")
        .long()
        .restrictTo(0L..MAX_COUNT)
        .default(DEFAULT_WARM_UP)
    private val waiting by option("--wait", help = "How the rings wait: interrupt (if not given), hybrid, busy.")
        .choice("interrupt" to WaitMode.INTERRUPT, "hybrid" to WaitMode.HYBRID, "busy" to WaitMode.BUSY_POLL)
        .default(WaitMode.INTERRUPT)
    private val link by option("--interface", metavar = "NAME", help = "The interface for link; lo if not given.")
        .default("lo")
    private val to by option(
        "--to",
        metavar = "HOST:PORT",
        help = "Send there by UDP, where `packets --listen` sends everything back, and measure the round trip."
    )
    private val listen by option(
        "--listen",
        metavar = "HOST:PORT",
        help = "Send everything back that comes by UDP, until Ctrl-C."
    )
    private val json by option("--json", help = "Print JSON, for programs.").flag()

    override fun help(context: Context) =
        "Send and receive packets, and show how many a second, what was lost, and how long they took.\n\nWithout --to" +
            " and --listen they go from this process to itself over the loopback interface. ip and link need" +
            " CAP_NET_RAW, and the driver uring."

    override fun execute() {
        if (kind != PacketEndpoint.Kind.UDP && (to != null || listen != null)) {
            throw UserFailure("--to and --listen are for udp, not for ${kind.name.lowercase()}")
        }
        if (to != null && listen != null) {
            throw UserFailure("--to and --listen exclude each other: run the command twice")
        }
        val options = PacketOptions.builder().queues(queues).waiting(waiting)
        options.bufferSize(maxOf(LEAST_BUFFER, Integer.highestOneBit(size + HEADERS) * 2))
        driver?.let(options::driver)
        PacketTransport.open(options.build()).use { transport ->
            listen?.let { answer(transport, it) } ?: measure(transport)
        }
    }

    private fun measure(transport: PacketTransport) {
        val peer = to
        val paths = if (peer == null) {
            PacketPaths.loopback(transport, kind, link)
        } else {
            PacketPaths.roundTrip(transport, parseAddress(peer))
        }
        if (warmUp > 0) {
            run(paths).use { it.send(warmUp) {} }
        }
        val run = run(paths)
        Progress(terminal, "packets", "", count).use { bar -> run.send(count, bar::advance) }
        val report = PacketReport(transport, paths, run, size, peer != null)
        if (json) {
            echo(report.json())
        } else {
            report.lines().forEach { echo(it) }
        }
        if (report.received == 0L) {
            throw UserFailure(
                "no packet came" + if (peer == null) "" else ": does `ringflow packets --listen` run there?"
            )
        }
    }

    private fun run(paths: PacketPaths) =
        PacketRun(paths.senders, paths.receivers, paths.head, paths.skip, size, rate, batch)

    private fun answer(transport: PacketTransport, address: String) {
        val at = parseListening(address)
        val ports = PacketPaths.listening(transport, at)
        ports.forEach { sendBack(it) }
        transport.start()
        val bound = checkNotNull(ports[0].localAddress())
        echo(
            "listening on ${bound.hostString}:${bound.port} with driver ${transport.rings()[0].driver()}; Ctrl-C stops"
        )
        runOnRing(transport.rings()[0]) {
            try {
                awaitCancellation()
            } finally {
                val all = transport.statistics()
                echo("${formatCount(all.received())} packets received, ${formatCount(all.sent())} sent back")
            }
        }
    }

    private fun sendBack(port: PacketPort) {
        val answers = port.transmitter()
        port.addReceiver { packet ->
            val answer = answers.nextBuffer()
            if (answer != null) {
                answer.put(packet.data())
                answers.reply(packet.length(), packet)
            }
            true
        }
    }

    private companion object {
        const val DEFAULT_COUNT = 100_000L
        const val MAX_COUNT = 10_000_000_000L
        const val DEFAULT_WARM_UP = 20_000L
        const val DEFAULT_SIZE = 64
        const val MAX_SIZE = 32_000
        const val MAX_RATE = 100_000_000L
        const val MAX_QUEUES = 64
        const val DEFAULT_BATCH = 32
        const val MAX_BATCH = 512
        const val LEAST_BUFFER = 2048
        const val HEADERS = 64
    }
}

/** As [parseAddress], with port 0 for any free one. */
private fun parseListening(text: String) = if (text.endsWith(":0")) {
    InetSocketAddress(parseAddress(text.dropLast(1) + "1").address, 0)
} else {
    parseAddress(text)
}
