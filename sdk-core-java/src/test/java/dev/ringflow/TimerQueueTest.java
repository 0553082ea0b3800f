package dev.ringflow;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class TimerQueueTest {
    private static final EventLoop NO_LOOP = null;
    private final TimerQueue queue = new TimerQueue();

    private record Timer(long due, TimerQueue.Entry entry, Runnable task) {}

    private static Timer timer(long due) {
        Runnable task = new Runnable() {
            @Override
            public void run() {}
        };
        return new Timer(due, new TimerQueue.Entry(NO_LOOP, task, due), task);
    }

    @Test
    void randomAddsAndRemovesLeaveTheRestInOrder() {
        for (int seed = 0; seed < 300; seed++) {
            addAndRemoveAtRandom(new Random(seed));
        }
    }

    private void addAndRemoveAtRandom(Random random) {
        long base = System.nanoTime() - 1_000_000;
        List<Timer> expected = new ArrayList<>();
        for (int i = 0; i < 1 + random.nextInt(400); i++) {
            if (!expected.isEmpty() && random.nextInt(3) == 0) {
                Timer victim = expected.remove(random.nextInt(expected.size()));
                queue.remove(victim.entry);
                queue.remove(victim.entry);
            } else {
                Timer added = timer(base + random.nextInt(50));
                expected.add(added);
                queue.add(added.entry);
            }
        }
        List<Long> due = new ArrayList<>();
        Set<Runnable> run = new HashSet<>();
        queue.runDue(task -> {
            due.add(expected.stream()
                    .filter(each -> each.task == task)
                    .findFirst()
                    .orElseThrow()
                    .due);
            run.add(task);
        });
        assertThat(due).isSorted().hasSize(expected.size());
        assertThat(run).hasSize(expected.size());
        assertThat(queue.isEmpty()).isTrue();
    }

    @Test
    void whatIsNotDueStays() {
        Timer past = timer(System.nanoTime() - 1);
        Timer future = timer(System.nanoTime() + Long.MAX_VALUE / 2);
        queue.add(future.entry);
        assertThat(queue.nanosUntilNext()).isGreaterThan(Long.MAX_VALUE / 4);
        queue.add(past.entry);
        assertThat(queue.nanosUntilNext()).isZero();
        List<Runnable> run = new ArrayList<>();
        queue.runDue(run::add);
        assertThat(run).containsExactly(past.task);
        assertThat(queue.isEmpty()).isFalse();
    }

    @Test
    void timeThatWrapsAroundKeepsItsOrder() {
        // nanoTime may be anywhere, so only differences count
        long now = System.nanoTime();
        Timer early = timer(now - 10);
        Timer late = timer(now - 5);
        queue.add(late.entry);
        queue.add(early.entry);
        queue.add(timer(now + Long.MAX_VALUE / 2).entry);
        List<Runnable> run = new ArrayList<>();
        queue.runDue(run::add);
        assertThat(run).containsExactly(early.task, late.task);
    }

    @Test
    void timerAddedByATimerOfTheSameTurnDoesNotKeepTheQueueBusyForEver() {
        int[] run = {0};
        queue.add(timer(System.nanoTime() - 1).entry);
        queue.runDue(task -> {
            run[0]++;
            queue.add(timer(System.nanoTime() + 1_000_000_000L).entry);
        });
        assertThat(run[0]).isOne();
    }

    @Test
    void claimedTimerIsTakenOutAndNotRun() {
        Timer cancelled = timer(System.nanoTime() - 1);
        queue.add(cancelled.entry);
        assertThat(cancelled.entry.claim()).isTrue();
        assertThat(cancelled.entry.claim()).isFalse();
        queue.runDue(task -> {
            throw new AssertionError("run");
        });
        assertThat(queue.isEmpty()).isTrue();
        assertThat(queue.nanosUntilNext()).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void abandoningTellsEveryTimerOnce() {
        List<Timer> all = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            all.add(timer(System.nanoTime() + i));
        }
        all.forEach(each -> queue.add(each.entry));
        List<Runnable> abandoned = new ArrayList<>();
        queue.abandonAll(abandoned::add);
        assertThat(abandoned)
                .containsExactlyInAnyOrderElementsOf(all.stream()
                        .sorted(Comparator.comparing(Timer::due))
                        .map(Timer::task)
                        .toList());
        assertThat(queue.isEmpty()).isTrue();
    }
}
