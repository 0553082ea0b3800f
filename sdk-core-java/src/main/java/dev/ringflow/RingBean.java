package dev.ringflow;

/** A ring for JMX; each attribute is read on its own. */
final class RingBean implements RingMXBean {
    private final Ring ring;

    RingBean(Ring ring) {
        this.ring = ring;
    }

    @Override
    public String getName() {
        return ring.name();
    }

    @Override
    public String getDriver() {
        return ring.driver();
    }

    @Override
    public String[] getDetails() {
        return ring.capabilities().details().entrySet().stream()
                .map(each -> each.getKey() + ": " + each.getValue())
                .toArray(String[]::new);
    }

    @Override
    public long getSubmitted() {
        return ring.metrics().submitted();
    }

    @Override
    public long getCompleted() {
        return ring.metrics().completed();
    }

    @Override
    public long getInFlight() {
        return ring.metrics().inFlight();
    }

    @Override
    public long getSystemCalls() {
        return ring.metrics().systemCalls();
    }

    @Override
    public long getEnters() {
        return ring.metrics().enters();
    }

    @Override
    public long getWaits() {
        return ring.metrics().waits();
    }

    @Override
    public long getWakeups() {
        return ring.metrics().wakeups();
    }

    @Override
    public long getOverflows() {
        return ring.metrics().overflows();
    }

    @Override
    public long getCancels() {
        return ring.metrics().cancels();
    }

    @Override
    public long getCallbackFailures() {
        return ring.metrics().callbackFailures();
    }

    @Override
    public long getOpenHandles() {
        return ring.metrics().openHandles();
    }

    @Override
    public long getZeroCopySends() {
        return ring.metrics().zeroCopySends();
    }

    @Override
    public long getZeroCopiesCopied() {
        return ring.metrics().zeroCopiesCopied();
    }

    @Override
    public long getBuffersOut() {
        return ring.metrics().buffersOut();
    }

    @Override
    public long getRearms() {
        return ring.metrics().rearms();
    }

    @Override
    public long getFallbacks() {
        return ring.metrics().fallbacks();
    }

    @Override
    public long getStalls() {
        return ring.metrics().stalls();
    }
}
