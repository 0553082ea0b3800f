package dev.ringflow;

import java.util.concurrent.atomic.LongAdder;

/** What a loop counts beyond its driver; none of it is touched for each operation. */
final class LoopCounters {
    final LongAdder wakeups = new LongAdder();
    final LongAdder callbackFailures = new LongAdder();
}
