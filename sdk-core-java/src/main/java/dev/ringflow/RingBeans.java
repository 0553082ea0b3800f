package dev.ringflow;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Shows rings to JMX as soon as the process has an MBean server, which nobody makes for their sake: making one takes longer
 * than opening a thousand rings. Any thread.
 */
final class RingBeans {
    /** The only ones. */
    static final RingBeans SHARED = new RingBeans();

    private static final String WAITING = "";
    private static final String REFUSED = "-";

    /** The system property of a process that shows rings to JMX. */
    private static final String MARK = "dev.ringflow.rings";

    private static final AtomicBoolean MARKED = new AtomicBoolean();

    private final ReentrantLock lock = new ReentrantLock();
    /** Guarded by lock: rings that wait for a server, or are shown, and then under which name. */
    private final Map<Ring, String> shown = new HashMap<>();

    private final AtomicInteger waiting = new AtomicInteger();
    private volatile boolean missing;

    private RingBeans() {}

    /** Lets a monitoring program find this process by its system properties, without a server of MBeans in each. */
    static void markProcess() {
        if (MARKED.compareAndSet(false, true)) {
            System.setProperty(MARK, "jmx");
        }
    }

    /** A ring was opened. */
    void opened(Ring ring) {
        if (missing) {
            return;
        }
        lock.lock();
        try {
            shown.put(ring, WAITING);
            waiting.incrementAndGet();
            tryToShow();
        } finally {
            lock.unlock();
        }
    }

    /** A ring is closed. */
    void closed(Ring ring) {
        lock.lock();
        try {
            String name = shown.remove(ring);
            if (name == null) {
                return;
            }
            if (name.equals(WAITING)) {
                waiting.decrementAndGet();
            } else if (!name.equals(REFUSED)) {
                MBeanServers.hide(name);
            }
        } finally {
            lock.unlock();
        }
    }

    /** Whether rings are there that no server shows. */
    boolean isWaitingForServer() {
        return waiting.get() > 0;
    }

    /** Watchdog: shows who waits if there is a server now. */
    void lookForServer() {
        if (waiting.get() == 0) {
            return;
        }
        lock.lock();
        try {
            tryToShow();
        } finally {
            lock.unlock();
        }
    }

    /** Under lock. */
    private void tryToShow() {
        try {
            if (!MBeanServers.isThere()) {
                return;
            }
            shown.replaceAll((ring, name) -> name.equals(WAITING) ? show(ring) : name);
            waiting.set(0);
        } catch (LinkageError noModuleForIt) {
            missing = true;
            shown.clear();
            waiting.set(0);
        }
    }

    private static String show(Ring ring) {
        String name = MBeanServers.show(ring.name(), new RingBean(ring));
        return name == null ? REFUSED : name;
    }
}
