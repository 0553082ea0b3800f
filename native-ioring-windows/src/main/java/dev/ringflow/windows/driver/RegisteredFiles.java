package dev.ringflow.windows.driver;

import dev.ringflow.RingException;
import dev.ringflow.windows.ioring.HResult;
import dev.ringflow.windows.ioring.IoRingConstants;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.function.IntConsumer;

/**
 * The ring's own table of files, whose indices are the direct descriptors. Windows takes the table whole: a change is
 * registered together with all others that came since the last registration, one registration at a time. An index keeps its
 * file as long as something is in flight on it, because the core closes no earlier, so a replacement changes nothing for what
 * is under way. Confined to the loop thread.
 */
final class RegisteredFiles {
    private static final int NONE = -1;
    private static final int TOO_MANY_OPEN_FILES = 4;

    private final int most;
    private final BitSet taken = new BitSet();
    /** What Windows is to have; sparse. */
    private long[] handles = {IoRingConstants.INVALID_HANDLE_VALUE};
    /** Whom to tell of the next registration, and of the one under way. */
    private List<IntConsumer> changes = new ArrayList<>();

    private List<IntConsumer> registering = new ArrayList<>();
    /** Who wants an index while all are taken, and how many are about to be free. */
    private final ArrayDeque<IntConsumer> waiting = new ArrayDeque<>();

    private int leaving;

    RegisteredFiles(int most) {
        this.most = most;
    }

    /** Tells a free index, or -1 if there is none; later, if one is about to be free. */
    void take(IntConsumer taker) {
        waiting.add(taker);
        tellTakers();
    }

    private void tellTakers() {
        while (!waiting.isEmpty()) {
            int index = taken.nextClearBit(0);
            if (index < most) {
                taken.set(index);
                waiting.remove().accept(index);
            } else if (leaving == 0) {
                waiting.remove().accept(NONE);
            } else {
                return;
            }
        }
    }

    /** Why there is no free index. */
    RingException full(String path) {
        int code = HResult.ofWin32(TOO_MANY_OPEN_FILES);
        return new RingException(
                "opening " + path + " as a direct descriptor",
                code,
                HResult.name(code),
                "all " + most + " places of the ring's table of files are taken",
                "Close some of them, or ask for a larger table with RingOptions.fileTable.");
    }

    /** Puts an open file at an index that was taken. The consumer gets the {@code HRESULT} when Windows knows of it. */
    void put(int index, long file, IntConsumer registered) {
        if (index >= handles.length) {
            int before = handles.length;
            handles = Arrays.copyOf(handles, Math.min(most, Math.max(index + 1, 2 * before)));
            Arrays.fill(handles, before, handles.length, IoRingConstants.INVALID_HANDLE_VALUE);
        }
        handles[index] = file;
        changes.add(registered);
    }

    /** Forgets a file that Windows did not take: the table before is still the ring's. */
    void forget(int index) {
        handles[index] = IoRingConstants.INVALID_HANDLE_VALUE;
        taken.clear(index);
        tellTakers();
    }

    /** Takes a file away, which stays open until the consumer is told that Windows let it go; then the index is free. */
    void remove(int index, IntConsumer registered) {
        handles[index] = IoRingConstants.INVALID_HANDLE_VALUE;
        leaving++;
        changes.add(code -> {
            leaving--;
            taken.clear(index);
            registered.accept(code);
            tellTakers();
        });
    }

    /** Whether a registration is to be built, and none is under way. */
    boolean isDue() {
        return !changes.isEmpty() && registering.isEmpty();
    }

    /** Whether a registration is under way. */
    boolean isRegistering() {
        return !registering.isEmpty();
    }

    /** The table as it is to be. The registration is built: it is under way from here on. */
    long[] begin() {
        List<IntConsumer> spare = registering;
        registering = changes;
        changes = spare;
        return handles.clone();
    }

    /** It was not built: the changes wait for the next time. */
    void postpone() {
        registering.addAll(changes);
        changes = registering;
        registering = new ArrayList<>();
    }

    /** The registration is complete. */
    void completed(int code) {
        List<IntConsumer> told = registering;
        registering = new ArrayList<>();
        told.forEach(each -> each.accept(code));
    }
}
