package dev.ringflow.examples.chat

import dev.ringflow.coroutines.ConnectionScope
import dev.ringflow.coroutines.ServeOptions
import dev.ringflow.coroutines.WriteChannel
import dev.ringflow.coroutines.readChannel
import dev.ringflow.coroutines.serve
import dev.ringflow.coroutines.writeChannel
import dev.ringflow.net.RingServerSocket
import dev.ringflow.net.RingSocket
import kotlinx.coroutines.CoroutineStart
import kotlinx.coroutines.channels.Channel
import kotlinx.coroutines.launch
import java.io.IOException
import kotlin.time.Duration.Companion.seconds

/**
 * A room in which everybody hears what anybody says. Lines of text over TCP: the first is one's name, `/who` asks who is
 * there, `/quit` leaves. All of it runs on the loop thread, so that the room needs no lock.
 */
internal class ChatServer(private val server: RingServerSocket) {
    private class Member(val name: String, val socket: RingSocket) {
        /** Lines on their way. Whoever does not read while so many come holds nobody up, and is shown out. */
        val lines = Channel<String>(MOST_WAITING)
    }

    private val members = LinkedHashMap<String, Member>()

    /** How many came in so far. */
    var visitors = 0L
        private set

    /** Serves until the socket is closed or the caller is cancelled. */
    suspend fun serve() {
        val options = ServeOptions(grace = GRACE) { _, failure -> if (failure !is IOException) throw failure }
        server.serve(options) { socket ->
            onStopping { socket.shutdownInputAsync() }
            welcome(socket)
        }
    }

    private suspend fun ConnectionScope.welcome(socket: RingSocket) {
        val input = socket.readChannel()
        val output = socket.writeChannel()
        var greeting = "Your name?"
        while (true) {
            output.writeLine(greeting)
            output.flush()
            val name = input.readLine(MOST_IN_A_LINE)?.trim() ?: return
            greeting = when {
                !NAME.matches(name) -> "A name has 1 to 20 letters and digits. Your name?"
                name in members -> "$name is here already. Your name?"
                else -> return talk(Member(name, socket), output) { input.readLine(MOST_IN_A_LINE) }
            }
        }
    }

    private suspend fun ConnectionScope.talk(member: Member, output: WriteChannel, nextLine: suspend () -> String?) {
        visitors++
        tellAll("${member.name} is here")
        members[member.name] = member
        member.lines.trySend("Welcome, ${member.name}: ${members.size} here")
        val writing = launch(start = CoroutineStart.UNDISPATCHED) { write(member.lines, output) }
        try {
            while (true) {
                val line = nextLine() ?: break
                when {
                    line == "/quit" -> break
                    line == "/who" -> member.lines.trySend(members.keys.joinToString(" "))
                    line.isNotBlank() -> tellAll("${member.name}: $line")
                }
            }
        } finally {
            members.remove(member.name)
            member.lines.close()
            tellAll("${member.name} has left")
        }
        writing.join()
    }

    private suspend fun write(lines: Channel<String>, output: WriteChannel) {
        for (line in lines) {
            output.writeLine(line)
            var next = lines.tryReceive().getOrNull()
            while (next != null) { // what has come meanwhile goes in the same piece
                output.writeLine(next)
                next = lines.tryReceive().getOrNull()
            }
            output.flush()
        }
    }

    private fun tellAll(line: String) {
        for (member in members.values) {
            if (member.lines.trySend(line).isFailure) {
                member.socket.closeAsync()
            }
        }
    }

    private companion object {
        const val MOST_WAITING = 256
        const val MOST_IN_A_LINE = 1000
        val NAME = Regex("[\\p{L}\\p{N}]{1,20}")
        val GRACE = 2.seconds
    }
}
