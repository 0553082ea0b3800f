package dev.ringflow.benchmarks;

import dev.ringflow.Ring;
import dev.ringflow.RingOptions;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** The servers that are compared. Each but the C one runs in a Java process of its own; see {@link EchoProcess}. */
enum EchoKind {
    C("C, liburing, buffer ring") {
        @Override
        EchoServer start() {
            throw new UnsupportedOperationException("a program of its own");
        }
    },
    STREAMS("RingFlow, multishot receive") {
        @Override
        EchoServer start() {
            return new RingEchoServer(ring("uring"), StreamEcho::on);
        }
    },
    FLOWS("RingFlow, Kotlin, incoming Flow") {
        @Override
        EchoServer start() {
            return CoroutineEchoServer.ofFlows(ring("uring"));
        }
    },
    CALLBACKS("RingFlow, callbacks") {
        @Override
        EchoServer start() {
            return new RingEchoServer(ring("uring"), CallbackEcho::on);
        }
    },
    COROUTINES("RingFlow, Kotlin, receive and send") {
        @Override
        EchoServer start() {
            return CoroutineEchoServer.ofBuffers(ring("uring"));
        }
    },
    NIO_DRIVER("RingFlow, callbacks, driver nio") {
        @Override
        EchoServer start() {
            return new RingEchoServer(ring("nio"), CallbackEcho::on);
        }
    },
    NETTY_URING("Netty io_uring, buffer ring") {
        @Override
        EchoServer start() throws Exception {
            return NettyEchoServer.uring();
        }
    },
    NETTY_EPOLL("Netty epoll") {
        @Override
        EchoServer start() throws Exception {
            return NettyEchoServer.epoll();
        }
    },
    NETTY_NIO("Netty NIO") {
        @Override
        EchoServer start() throws Exception {
            return NettyEchoServer.nio();
        }
    },
    NIO_URING("nio_uring") {
        @Override
        EchoServer start() throws Exception {
            return new NioUringEchoServer();
        }
    },
    SELECTOR("JDK Selector") {
        @Override
        EchoServer start() throws Exception {
            return SelectorEchoServer.start();
        }
    },
    KTOR("ktor-network") {
        @Override
        EchoServer start() {
            return new KtorEchoServer();
        }
    };

    private static final int ENTRIES = 1024;

    private final String title;

    EchoKind(final String title) {
        this.title = title;
    }

    /** Starts it in this process. */
    abstract EchoServer start() throws Exception;

    /** Whether it is RingFlow. */
    boolean isOurs() {
        return title.startsWith("RingFlow");
    }

    /** What people call it. */
    String title() {
        return title;
    }

    /** What it is called on the command line. */
    String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    static EchoKind of(final String word) {
        return Arrays.stream(values())
                .filter(each -> each.word().equals(word))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(word + " is none of " + words()));
    }

    static List<String> words() {
        return Arrays.stream(values()).map(EchoKind::word).toList();
    }

    private static Ring ring(final String driver) {
        return Ring.open(RingOptions.builder().driver(driver).entries(ENTRIES).build());
    }
}
