package dev.ringflow.net.packet;

import dev.ringflow.Ring;
import dev.ringflow.RingClosedException;
import dev.ringflow.RingTask;
import dev.ringflow.spi.Driver;
import dev.ringflow.spi.Operation;
import dev.ringflow.spi.ResultCodes;

/** Keeps receives with the kernel while a port is started. Confined to the loop thread. */
abstract class PacketReception {
    /** So many failures in a row, and it pauses whatever they are. */
    private static final int PATIENCE = 64;

    private static final long PAUSE_NANOS = 50_000_000;

    final PacketPort port;
    final Ring ring;
    private boolean wanted;
    private boolean pausing;
    private int failures;

    PacketReception(PacketPort port) {
        this.port = port;
        this.ring = port.ring();
    }

    /** What it is, for people. */
    abstract String describe();

    /** Posts what is not posted. */
    abstract void arm();

    /** Has the kernel give up what is posted. */
    abstract void disarm();

    /** Gives its memory up; nothing is posted any more. */
    abstract void release();

    final void start() {
        wanted = true;
        armIfWanted();
    }

    final void stop() {
        wanted = false;
        disarm();
    }

    final boolean isWanted() {
        return wanted && port.isOpen();
    }

    final void armIfWanted() {
        if (isWanted() && !pausing) {
            arm();
        }
    }

    final void succeeded() {
        failures = 0;
    }

    /** A receive has failed: nothing that happens to one of them ends the port. */
    final void failed(Operation operation, int result) {
        if (result == ResultCodes.CANCELED || !port.isOpen()) {
            return;
        }
        port.counters().receiveErrors.add(1);
        failures++;
        if (failures < PATIENCE && ring.unsafeDriver().retry(operation, result) == Driver.Retry.NOW) {
            return;
        }
        if (pausing) {
            return;
        }
        pausing = true;
        ring.scheduleNanos(PAUSE_NANOS, new RingTask() {
            @Override
            public void run() {
                pausing = false;
                armIfWanted();
            }

            @Override
            public void abandoned(RingClosedException why) {
                wanted = false;
            }
        });
    }
}
