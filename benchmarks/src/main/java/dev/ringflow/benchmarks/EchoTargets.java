package dev.ringflow.benchmarks;

import java.io.PrintStream;
import java.util.Locale;

/** What RingFlow's servers have to reach, and whether they do. */
final class EchoTargets {
    private final EchoRounds rounds;
    private final PrintStream out;
    private boolean reached = true;

    EchoTargets(final EchoRounds rounds, final PrintStream out) {
        this.rounds = rounds;
        this.out = out;
    }

    /** Prints each target; answers whether all are reached. */
    boolean check(final EchoKind java, final EchoKind kotlin) {
        if (rounds.has(java)) {
            atMost(java, "system calls a request", 0.05, rounds.median(java, EchoCost::systemCalls));
            atMost(java, "bytes of heap a request", 100, rounds.median(java, EchoCost::heapBytes));
            if (rounds.has(EchoKind.NETTY_URING)) {
                final EchoKind netty = EchoKind.NETTY_URING;
                atMost(java, "CPU of Netty io_uring's", 0.9, rounds.ratio(java, netty, EchoCost::cpuNanos));
                atLeast(java, "requests/s of Netty io_uring's", 1, rounds.ratio(java, netty, EchoCost::perSecond));
            }
            if (rounds.has(EchoKind.C)) {
                atMost(java, "CPU of C's", 1.15, rounds.ratio(java, EchoKind.C, EchoCost::cpuNanos));
            }
        }
        if (rounds.has(kotlin)) {
            atMost(kotlin, "bytes of heap a request", 200, rounds.median(kotlin, EchoCost::heapBytes));
            if (rounds.has(java)) {
                atLeast(kotlin, "requests/s of Java's", 0.85, rounds.ratio(kotlin, java, EchoCost::perSecond));
                atMost(kotlin, "CPU of Java's", 1.15, rounds.ratio(kotlin, java, EchoCost::cpuNanos));
            }
        }
        return reached;
    }

    private void atMost(final EchoKind kind, final String what, final double target, final double value) {
        tell(kind, what, "at most", target, value, value <= target);
    }

    private void atLeast(final EchoKind kind, final String what, final double target, final double value) {
        tell(kind, what, "at least", target, value, value >= target);
    }

    private void tell(
            final EchoKind kind,
            final String what,
            final String relation,
            final double target,
            final double value,
            final boolean is) {
        reached &= is;
        out.printf(
                Locale.ROOT,
                "%-36s %-32s %8.3f, %s %.2f: %s%n",
                kind.title(),
                what,
                value,
                relation,
                target,
                is ? "reached" : "not reached");
    }
}
