package dev.ringflow.uring.driver;

import dev.ringflow.uring.CqeHandler;

/**
 * Completions that could not be delivered when they came: of operations that ended without the kernel, and those taken
 * out of the completion queue to make room while a callback was running. First in, first out; grows as needed. Confined
 * to the loop thread.
 */
final class Backlog implements CqeHandler {
    private long[] userData = new long[64];
    private long[] resultAndFlags = new long[64];
    private int head;
    private int size;

    boolean isEmpty() {
        return size == 0;
    }

    int size() {
        return size;
    }

    @Override
    public void handle(long itsUserData, int result, int flags) {
        if (size == userData.length) {
            grow();
        }
        int tail = (head + size) & (userData.length - 1);
        userData[tail] = itsUserData;
        resultAndFlags[tail] = ((long) result << 32) | (flags & 0xFFFF_FFFFL);
        size++;
    }

    /** Hands the oldest to a handler. */
    void deliverOne(CqeHandler handler) {
        long itsUserData = userData[head];
        long both = resultAndFlags[head];
        head = (head + 1) & (userData.length - 1);
        size--;
        handler.handle(itsUserData, (int) (both >> 32), (int) both);
    }

    private void grow() {
        int capacity = userData.length;
        long[] moreUserData = new long[capacity * 2];
        long[] moreResults = new long[capacity * 2];
        int upToEnd = capacity - head;
        System.arraycopy(userData, head, moreUserData, 0, upToEnd);
        System.arraycopy(userData, 0, moreUserData, upToEnd, head);
        System.arraycopy(resultAndFlags, head, moreResults, 0, upToEnd);
        System.arraycopy(resultAndFlags, 0, moreResults, upToEnd, head);
        userData = moreUserData;
        resultAndFlags = moreResults;
        head = 0;
    }
}
