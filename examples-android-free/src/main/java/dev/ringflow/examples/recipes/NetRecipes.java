package dev.ringflow.examples.recipes;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.ringflow.Ring;
import dev.ringflow.file.FileStat;
import dev.ringflow.file.ResolveOption;
import dev.ringflow.file.RingFile;
import dev.ringflow.net.RingServerSocket;
import dev.ringflow.net.RingSocket;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;

/** What can be done with connections. */
public final class NetRecipes {
    private static final Set<ResolveOption> INSIDE = Set.of(ResolveOption.BENEATH, ResolveOption.NO_SYMLINKS);

    private NetRecipes() {}

    // snippet-begin: proxy
    public static void proxy(RingServerSocket server, SocketAddress target) {
        server.acceptAsync().thenAccept(client -> {
            proxy(server, target); // the next one
            client.ring()
                    .connectAsync(target)
                    .thenCompose(other -> pass(client, other).whenComplete((both, failure) -> other.closeAsync()))
                    .whenComplete((both, failure) -> client.closeAsync());
        });
    }

    private static CompletableFuture<Void> pass(RingSocket client, RingSocket other) {
        return CompletableFuture.allOf(client.pipeToAsync(other), other.pipeToAsync(client));
    }
    // snippet-end: proxy

    // snippet-begin: http
    /** Serves each connection on a thread of its own: a virtual one, where the JDK has them. */
    public static void serveFiles(RingServerSocket server, RingFile root, Executor threads) {
        server.acceptAsync().thenAccept(socket -> {
            serveFiles(server, root, threads); // the next one
            threads.execute(() -> {
                try (socket) {
                    answer(socket, root);
                }
            });
        });
    }

    private static void answer(RingSocket socket, RingFile root) {
        Path name = Path.of("." + requestedPath(socket)).normalize();
        Ring ring = socket.ring();
        try (RingFile file = ring.fileSystem()
                .openAsync(root, name, INSIDE, StandardOpenOption.READ)
                .join()) {
            FileStat stat = file.statAsync().join();
            if (stat.isRegularFile()) {
                send(socket, "HTTP/1.0 200 OK\r\nContent-Length: " + stat.size() + "\r\n\r\n");
                file.copyToAsync(0, stat.size(), socket).join();
            } else {
                sendNotFound(socket);
            }
        } catch (CompletionException e) {
            sendNotFound(socket);
        }
        socket.shutdownOutputAsync().join();
    }

    /** What stands between the first two spaces: {@code GET /name HTTP/1.0}. */
    private static String requestedPath(RingSocket socket) {
        ByteBuffer head = ByteBuffer.allocateDirect(8192);
        String text = "";
        while (!text.contains("\r\n\r\n")
                && head.hasRemaining()
                && socket.receiveAsync(head).join() != -1) {
            text = ISO_8859_1.decode(head.duplicate().flip()).toString();
        }
        String[] words = text.split(" ", 3);
        return words.length == 3 ? words[1] : "/";
    }

    private static void sendNotFound(RingSocket socket) {
        send(socket, "HTTP/1.0 404 Not Found\r\nContent-Length: 0\r\n\r\n");
    }

    private static void send(RingSocket socket, String text) {
        socket.sendFullyAsync(ByteBuffer.wrap(text.getBytes(ISO_8859_1))).join();
    }
    // snippet-end: http
}
