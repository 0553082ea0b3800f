package dev.ringflow.uring;

import static dev.ringflow.uring.UringConstants.AF_INET;
import static dev.ringflow.uring.UringConstants.IORING_FILE_INDEX_ALLOC;
import static dev.ringflow.uring.UringConstants.IORING_OP_FUTEX_WAIT;
import static dev.ringflow.uring.UringConstants.IORING_OP_SOCKET;
import static dev.ringflow.uring.UringConstants.IOSQE_ASYNC;
import static dev.ringflow.uring.UringConstants.IOSQE_FIXED_FILE;
import static dev.ringflow.uring.UringConstants.MSG_DONTWAIT;
import static dev.ringflow.uring.UringConstants.SOCK_CLOEXEC;
import static dev.ringflow.uring.UringConstants.SOCK_STREAM;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ringflow.uring.internal.LibC;
import dev.ringflow.uring.struct.Sockaddr;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A listening socket: every connection that was made is accepted once, and nothing else is. */
final class StressConnections {
    private static final int MOST_CLIENTS = 200;
    private static final int MOST_WAITING = 24;
    private static final int MOST_DIRECT = 8;
    private static final int MESSAGE = 8;

    private final StressRing stress;
    private final boolean direct;
    private final int listener = Native.listen();
    private final InetSocketAddress address = Native.localAddress(listener);
    private final ByteBuffer scratch = Memory.allocate(MESSAGE, 8);

    /** Clients' sockets by their ports. */
    private final Map<Integer, Integer> clients = new HashMap<>();

    private final List<Integer> formerClients = new ArrayList<>();

    /** Ports of clients that were connected, and those of connections that were accepted. */
    private final Set<Integer> connected = new HashSet<>();

    private final Map<Integer, String> accepted = new HashMap<>();

    private final ArrayDeque<Integer> toClose = new ArrayDeque<>();

    /** Slots whose clients are not known yet, and those that can be emptied. */
    private final ArrayDeque<Integer> unnamed = new ArrayDeque<>();

    private final ArrayDeque<Integer> toEmpty = new ArrayDeque<>();
    private boolean armed;
    private boolean multishot = true;
    private int accepting;
    private int directInUse;
    private int connecting;

    /**
     * A new listening socket.
     *
     * @param direct whether the kernel may pick slots in the table of files
     */
    StressConnections(final StressRing stress, final boolean direct) {
        this.stress = stress;
        this.direct = direct;
        multishot = stress.has(IORING_OP_SOCKET); // as old as multishot accept, which no probe tells
        if (!multishot) {
            stress.unsupported.add("multishot accept");
        }
    }

    void step() {
        if (stress.memory.available() < 4) {
            return;
        }
        final int choice = stress.random.nextInt(100);
        if (choice < 35 && clients.size() + formerClients.size() < MOST_CLIENTS && waiting() < MOST_WAITING) {
            connect();
        } else if (choice < 60 && accepting < 4) {
            accept();
        } else if (choice < 65 && multishot && !armed) {
            acceptMany();
        } else if (choice < 75 && direct && directInUse < MOST_DIRECT) {
            acceptDirect();
        } else {
            close();
        }
    }

    private int waiting() {
        return connecting + connected.size() - accepted.size();
    }

    private void connect() {
        final int fd = LibC.socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
        assertThat(fd).isPositive();
        final StressOperation connect = new StressOperation("connect") {
            @Override
            void complete(final int res, final int flags) {
                connecting--;
                if (res == 0) {
                    final int port = Native.localAddress(fd).getPort();
                    connected.add(port);
                    scratch.putLong(0, port);
                    assertThat(LibC.write(fd, Memory.address(scratch), MESSAGE)).isEqualTo(MESSAGE);
                } else if (!isCancelled(res)) {
                    throw wrong(res, "somebody listens there");
                }
            }
        };
        final StressMemory.Region memory = stress.memory(connect, Sockaddr.STORAGE_SIZE, 8);
        int length = Sockaddr.set(stress.memory.arena, memory.start(), new InetSocketAddress(loopback(), 0));
        assertThat(LibC.bind(fd, memory.address(), length)).isZero();
        newClient(Native.localAddress(fd).getPort(), fd);
        length = Sockaddr.set(stress.memory.arena, memory.start(), address);
        connecting++;
        final Sqe sqe = stress.beginAlone(connect);
        sqe.prepConnect(fd, memory.address(), length);
        sqe.setFlags(stress.chance(5) ? IOSQE_ASYNC : 0);
    }

    /** The kernel may give a port anew when the connection from it was reset: one that was accepted and closed. */
    private void newClient(final int port, final int fd) {
        final Integer former = clients.put(port, fd);
        if (former != null) {
            final boolean wasAccepted = accepted.remove(port) != null;
            final boolean wasConnected = connected.remove(port);
            assertThat(wasAccepted || !wasConnected)
                    .as("port %s was left by a connection", port)
                    .isTrue();
            formerClients.add(former);
        }
    }

    private static InetAddress loopback() {
        return InetAddress.getLoopbackAddress();
    }

    private void accepted(final int port, final StressOperation by) {
        assertThat(clients).as("the port of an accepted connection").containsKey(port);
        assertThat(accepted.put(port, by.toString()))
                .as("how port %s was accepted before %s", port, by)
                .isNull();
    }

    private void acceptedFile(final int fd, final StressOperation by) {
        assertThat(Native.isCloseOnExec(fd)).isTrue();
        final ByteBuffer peer = Memory.allocate(Sockaddr.STORAGE_SIZE, 8);
        final ByteBuffer length = Memory.allocate(4, 4).putInt(0, Sockaddr.STORAGE_SIZE);
        // Fails only when the client is gone again, and that closes its socket after this.
        assertThat(LibC.getpeername(fd, Memory.address(peer), Memory.address(length)))
                .isZero();
        accepted(((InetSocketAddress) Sockaddr.get(peer, 0, length.getInt(0))).getPort(), by);
        toClose.add(fd);
    }

    private StressOperation accept() {
        accepting++;
        final boolean named = stress.chance(50);
        final StressOperation accept = new StressOperation("accept") {
            @Override
            void complete(final int res, final int flags) {
                accepting--;
                if (res >= 0) {
                    acceptedFile(res, this);
                    if (named) {
                        final ByteBuffer arena = stress.memory.arena;
                        final int start = regions.get(0).start();
                        assertThat(arena.getInt(regions.get(1).start())).isEqualTo(Sockaddr.IN_SIZE);
                        final ByteBuffer name =
                                arena.slice(start, Sockaddr.STORAGE_SIZE).order(arena.order());
                        assertThat(accepted)
                                .containsKey(((InetSocketAddress) Sockaddr.get(name, 0, Sockaddr.IN_SIZE)).getPort());
                    }
                } else if (!isCancelled(res)) {
                    throw wrong(res, "no connection");
                }
            }
        };
        final Sqe sqe = stress.beginAlone(accept);
        if (named) {
            final StressMemory.Region name = stress.memory(accept, Sockaddr.STORAGE_SIZE, 8);
            final StressMemory.Region length = stress.memory(accept, Integer.BYTES, 4);
            stress.memory.arena.putInt(length.start(), Sockaddr.STORAGE_SIZE);
            sqe.prepAccept(listener, name.address(), length.address(), SOCK_CLOEXEC);
        } else {
            sqe.prepAccept(listener, 0, 0, SOCK_CLOEXEC);
        }
        sqe.setFlags(stress.chance(5) ? IOSQE_ASYNC : 0);
        return accept;
    }

    /** Before 6.7 a full completion queue looks like a cancel. */
    private boolean mayEndByItself(final int res) {
        return res == -Errno.ECANCELED && !stress.has(IORING_OP_FUTEX_WAIT);
    }

    private void acceptMany() {
        final StressOperation accept = new StressOperation("multishot accept") {
            @Override
            void complete(final int res, final int flags) {
                armed = (flags & UringConstants.IORING_CQE_F_MORE) != 0;
                if (res >= 0) {
                    acceptedFile(res, this);
                } else if (!isCancelled(res) && !mayEndByItself(res)) {
                    throw wrong(res, "no connection");
                }
            }
        };
        accept.multishot = true;
        armed = true;
        stress.beginAlone(accept).prepMultishotAccept(listener, 0, 0, SOCK_CLOEXEC);
    }

    private void acceptDirect() {
        directInUse++;
        stress.beginAlone(new StressOperation("accept direct") {
                    @Override
                    void complete(final int res, final int flags) {
                        if (res >= 0) {
                            unnamed.add(res);
                        } else {
                            directInUse--;
                            if (!isCancelled(res)) {
                                throw wrong(res, "no connection");
                            }
                        }
                    }
                })
                .prepAcceptDirect(listener, 0, 0, 0, IORING_FILE_INDEX_ALLOC);
    }

    private void close() {
        if (!toClose.isEmpty()) {
            final int fd = toClose.remove();
            stress.beginAlone(new StressOperation("close") {
                        @Override
                        void complete(final int res, final int flags) {
                            if (isCancelled(res)) {
                                toClose.add(fd);
                            } else if (res != 0) {
                                throw wrong(res, "it was open");
                            }
                        }
                    })
                    .prepClose(fd);
        }
        if (!unnamed.isEmpty()) {
            receiveName(unnamed.remove(), 0);
        }
        if (!toEmpty.isEmpty()) {
            empty(toEmpty.remove());
        }
    }

    /** A connection without a file descriptor has no name to ask for: its client sends it. */
    private StressOperation receiveName(final int slot, final int receiveFlags) {
        final StressOperation receive = new StressOperation("recv direct") {
            @Override
            void complete(final int res, final int flags) {
                if (res == MESSAGE) {
                    accepted((int) stress.memory.arena.getLong(regions.get(0).start()), this);
                } else if (!isCancelled(res) && receiveFlags == 0) {
                    throw wrong(res, "the client sends " + MESSAGE);
                }
                (res == MESSAGE ? toEmpty : unnamed).add(slot);
            }
        };
        final StressMemory.Region memory = stress.memory(receive, MESSAGE, 8);
        final Sqe sqe = stress.beginAlone(receive);
        sqe.prepRecv(slot, memory.address(), MESSAGE, receiveFlags);
        sqe.setFlags(IOSQE_FIXED_FILE);
        return receive;
    }

    private void empty(final int slot) {
        stress.beginAlone(new StressOperation("close direct") {
                    @Override
                    void complete(final int res, final int flags) {
                        if (isCancelled(res)) {
                            toEmpty.add(slot);
                        } else if (res == 0) {
                            directInUse--;
                        } else {
                            throw wrong(res, "there was a connection");
                        }
                    }
                })
                .prepCloseDirect(slot);
    }

    /** Accepts what is left, with nothing else in flight; then every connection was accepted. */
    void finish() {
        for (int left = unnamed.size(); left > 0; left--) {
            stress.await(List.of(receiveName(unnamed.remove(), MSG_DONTWAIT)));
        }
        while (!accepted.keySet().containsAll(connected)) {
            stress.await(List.of(accept()));
        }
        toClose.forEach(Native::close);
        clients.values().forEach(Native::close);
        formerClients.forEach(Native::close);
        Native.close(listener);
    }
}
