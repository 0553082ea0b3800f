package dev.ringflow.examples.chat

import com.github.ajalt.clikt.core.Context
import dev.ringflow.Ring
import dev.ringflow.examples.ListeningCommand
import dev.ringflow.examples.formatCount
import dev.ringflow.net.RingServerSocket

/** `ringflow chat`. */
internal class ChatCommand : ListeningCommand("chat", defaultPort = 7779) {
    override fun help(context: Context) =
        "Keep a room where everybody hears what anybody says, for clients such as nc or telnet, until Ctrl-C."

    override suspend fun serve(ring: Ring, server: RingServerSocket) {
        val room = ChatServer(server)
        announce("talking", server)
        try {
            room.serve()
        } finally {
            echo("${formatCount(room.visitors)} came by")
        }
    }
}
