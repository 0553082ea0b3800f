package dev.ringflow.uring;

import static dev.ringflow.uring.UringConstants.IORING_ASYNC_CANCEL_ALL;
import static dev.ringflow.uring.UringConstants.IORING_ASYNC_CANCEL_ANY;
import static dev.ringflow.uring.UringConstants.IORING_OP_MSG_RING;
import static dev.ringflow.uring.UringConstants.IORING_OP_PIPE;
import static dev.ringflow.uring.UringConstants.IOSQE_ASYNC;
import static dev.ringflow.uring.UringConstants.IOSQE_IO_DRAIN;
import static dev.ringflow.uring.UringConstants.IOSQE_IO_HARDLINK;
import static dev.ringflow.uring.UringConstants.IOSQE_IO_LINK;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ringflow.uring.struct.Timespec;
import java.util.ArrayList;
import java.util.List;

/** What needs no file: NOPs, chains, timeouts, drains, cancels, messages. */
final class StressControl {
    static final String BY_FILE = "cancel by file";

    private static final int NO_SUCH_GROUP = 54321;

    private final StressRing stress;
    private final boolean messages;

    StressControl(final StressRing stress) {
        this.stress = stress;
        messages = stress.has(IORING_OP_MSG_RING);
        if (!messages) {
            stress.unsupported.add("msg_ring");
        }
    }

    /** An operation that can have one result only, unless it is cancelled. */
    static class Nop extends StressOperation {
        private final int expected;

        Nop(final int expected) {
            this("nop", expected);
        }

        Nop(final String name, final int expected) {
            super(name);
            this.expected = expected;
        }

        @Override
        void complete(final int res, final int flags) {
            if (res != expected && !isCancelled(res)) {
                throw wrong(res, "expected " + expected);
            }
        }
    }

    /** An operation that ends by its time, by a count, or by a cancel. */
    static final class Timer extends StressOperation {
        private final boolean counted;

        Timer(final boolean counted) {
            super(counted ? "timeout by count" : "timeout");
            this.counted = counted;
        }

        @Override
        void complete(final int res, final int flags) {
            if (res != -Errno.ETIME && !(counted && res == 0) && !isCancelled(res)) {
                throw wrong(res, "neither over nor removed");
            }
        }
    }

    /** A cancel, or another request that looks for one in flight. */
    static final class Cancel extends StressOperation {
        private final StressRing stress;
        private final int several;

        Cancel(final StressRing stress, final String name, final int several) {
            super(name);
            this.stress = stress;
            this.several = several;
        }

        @Override
        void complete(final int res, final int flags) {
            if (res == -Errno.EINVAL && several != 0) {
                stress.unsupported.add(name);
            } else if (res == -Errno.EBADF && BY_FILE.equals(name)) {
                return; // closed before this was submitted
            } else if (res < 0 || several == 0) {
                if (res != 0
                        && res != -Errno.ENOENT
                        && res != -Errno.EALREADY
                        && res != -Errno.EBUSY
                        && res != -Errno.ECANCELED
                        && !isCancelled(res)) {
                    throw wrong(res, "not an answer to a cancel");
                }
            }
        }
    }

    static boolean cancelsAnything(final StressOperation operation) {
        return "cancel of anything".equals(operation.name);
    }

    /** Asks for the end of one operation. */
    static void cancel(final StressRing stress, final StressOperation operation) {
        final StressOperation cancel = new Cancel(stress, "cancel", 0);
        final Sqe sqe = stress.beginAlone(cancel);
        operation.askToEnd();
        sqe.prepCancel64(operation.userData, 0);
        if (stress.chance(5)) {
            sqe.setFlags(IOSQE_ASYNC);
        }
    }

    void step() {
        final int choice = stress.random.nextInt(100);
        if (choice < 30) {
            final Sqe sqe = stress.beginAlone(new Nop(0));
            sqe.prepNop();
            sqe.setFlags(stress.chance(10) ? IOSQE_ASYNC : 0);
        } else if (choice < 50) {
            chain();
        } else if (choice < 65) {
            timer();
        } else if (choice < 75) {
            changeTimer();
        } else if (choice < 90) {
            cancelOne();
        } else if (choice < 93) {
            cancelAll();
        } else if (messages) {
            message();
        }
    }

    /** NOPs one after the other, of which one may fail: what follows it in a soft chain is cancelled. */
    private void chain() {
        final int length = 2 + stress.random.nextInt(5);
        final int failing = stress.chance(40) ? stress.random.nextInt(length) : length;
        final boolean hard = stress.chance(40);
        final List<Integer> finished = new ArrayList<>();
        final StressOperation[] chain = new StressOperation[length];
        stress.reserve(length);
        for (int i = 0; i < length; i++) {
            final int index = i;
            final int expected = i == failing ? -Errno.ENOENT : i > failing && !hard ? -Errno.ECANCELED : 0;
            chain[i] = new Nop(expected) {
                @Override
                void complete(final int res, final int flags) {
                    super.complete(res, flags);
                    if (res == 0) {
                        assertThat(finished).as("a chain runs in order").allMatch(other -> other < index);
                        finished.add(index);
                    }
                }
            };
            if (i > 0) {
                chain[i - 1].followers.add(chain[i]);
            }
            final Sqe sqe = stress.begin(chain[i]);
            if (i == failing) {
                sqe.prepRemoveBuffers(1, NO_SUCH_GROUP);
            } else {
                sqe.prepNop();
            }
            sqe.setFlags((i == length - 1 ? 0 : hard ? IOSQE_IO_HARDLINK : IOSQE_IO_LINK)
                    | (stress.chance(5) ? IOSQE_ASYNC : 0));
        }
    }

    private void timer() {
        final int count = stress.chance(30) ? 1 + stress.random.nextInt(5) : 0;
        final Timer timer = new Timer(count > 0);
        final StressMemory.Region time = stress.memory(timer, Timespec.SIZE, 8);
        if (time != null) {
            final Sqe sqe = stress.beginAlone(timer);
            Timespec.setNanos(stress.memory.arena, time.start(), stress.random.nextInt(3_000_000));
            sqe.prepTimeout(time.address(), count, 0);
        }
    }

    private void changeTimer() {
        for (final StressOperation operation : stress.inFlight.values()) {
            if (operation instanceof Timer && stress.chance(50)) {
                change(operation);
                return;
            }
        }
    }

    private void change(final StressOperation timer) {
        final boolean update = stress.chance(50) && !stress.unsupported.contains("timeout update");
        final Cancel change = new Cancel(stress, update ? "timeout update" : "timeout remove", update ? 1 : 0);
        final StressMemory.Region time = stress.memory(change, Timespec.SIZE, 8);
        if (time == null) {
            return;
        }
        final Sqe sqe = stress.beginAlone(change);
        Timespec.setNanos(stress.memory.arena, time.start(), 100_000);
        if (update) {
            sqe.prepTimeoutUpdate(time.address(), timer.userData, 0);
        } else {
            timer.askToEnd();
            sqe.prepTimeoutRemove(timer.userData, 0);
        }
    }

    void cancelOne() {
        if (stress.chance(20)) {
            final Sqe sqe = stress.beginAlone(new StressOperation("cancel of a finished one") {
                @Override
                void complete(final int res, final int flags) {
                    if (res != -Errno.ENOENT && res != -Errno.EALREADY && !isCancelled(res)) {
                        throw wrong(res, "it hit another one");
                    }
                }
            });
            sqe.prepCancel64(stress.lastFinished, 0);
            return;
        }
        int left = stress.inFlight.isEmpty() ? -1 : stress.random.nextInt(stress.inFlight.size());
        for (final StressOperation operation : stress.inFlight.values()) {
            if (left-- == 0 && !(operation instanceof Cancel)) {
                cancel(stress, operation);
                return;
            }
        }
    }

    private void cancelAll() {
        if (stress.unsupported.contains("cancel of anything")) {
            return;
        }
        final Sqe sqe = stress.beginAlone(new Cancel(stress, "cancel of anything", 1));
        stress.inFlight.values().forEach(StressOperation::askToEnd);
        sqe.prepCancel64(0, IORING_ASYNC_CANCEL_ANY | IORING_ASYNC_CANCEL_ALL);
    }

    /** A completion that the ring sends to itself. */
    private void message() {
        final int value = stress.random.nextInt(1000);
        final StressOperation received = new StressOperation("message received") {
            @Override
            void complete(final int res, final int flags) {
                if (res != value) {
                    throw wrong(res, "sent was " + value);
                }
            }
        };
        final StressOperation sent = new StressOperation("message sent") {
            @Override
            void complete(final int res, final int flags) {
                if (res == -Errno.EOVERFLOW || isCancelled(res)) {
                    stress.inFlight.remove(received.userData);
                } else if (res != 0) {
                    throw wrong(res, "not an answer to a message");
                }
            }
        };
        final Sqe sqe = stress.beginAlone(sent);
        received.userData = sent.userData | 0x2000_0000_0000_0000L;
        stress.inFlight.put(received.userData, received);
        sqe.prepMsgRing(stress.ring.ringFd(), value, received.userData, 0);
    }

    /** A request with the drain flag completes behind everything before it. */
    void drain() {
        if (stress.wasFull && !stress.has(IORING_OP_PIPE)) {
            stress.unsupported.add("drain after overflow"); // before 6.16 it may wait for ever, and all behind it
            return;
        }
        if (!Boolean.getBoolean("dev.ringflow.stress.drain")) {
            stress.unsupported.add("drain"); // requests that follow may wait for ever, seen on 6.18; others test it
            return;
        }
        final List<StressOperation> before = new ArrayList<>();
        stress.reserve(8);
        for (int i = 0; i < 6; i++) { // with the drain and what is behind it, a full queue of the smallest ring
            final StressOperation operation = stress.chance(50) ? new Timer(false) : new Nop(0);
            final StressMemory.Region time = stress.memory(operation, Timespec.SIZE, 8);
            final Sqe sqe = stress.begin(operation);
            before.add(operation);
            if (operation instanceof Timer) {
                Timespec.setNanos(stress.memory.arena, time.start(), stress.random.nextInt(1_000_000));
                sqe.prepTimeout(time.address(), 0, 0);
            } else {
                sqe.prepNop();
                sqe.setFlags(stress.chance(50) ? IOSQE_ASYNC : 0);
            }
        }
        final Nop last = new Nop(0) {
            @Override
            void complete(final int res, final int flags) {
                super.complete(res, flags);
                assertThat(before)
                        .as("what is in flight when the drain completes")
                        .noneMatch(operation -> stress.inFlight.containsKey(operation.userData));
            }
        };
        final Sqe sqe = stress.begin(last);
        sqe.prepNop();
        sqe.setFlags(IOSQE_IO_DRAIN);
        final Nop behind = new Nop(0); // may be held with the drain, so nothing may go in before it is over too
        stress.begin(behind).prepNop();
        stress.await(List.of(last, behind));
    }
}
