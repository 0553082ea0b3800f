package dev.ringflow.windows.driver;

import dev.ringflow.spi.Operation;
import dev.ringflow.windows.iocp.WinsockException;
import dev.ringflow.windows.rio.Rio;
import dev.ringflow.windows.rio.RioSlab;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Memory of the user's that Registered I/O sends from and receives into: regions of pools, which are registered when they
 * are first used so, and other direct memory, which is registered for one send. No two requests in flight have the same
 * bytes, as Windows demands. Confined to the loop thread.
 */
final class RegisteredMemory {
    /** Bytes of other memory that one send has registered. */
    static final int LARGEST_SEND = 1 << 20;

    /** Bytes of other memory that are registered at one time. */
    private static final long MOST_BYTES = 64L << 20;

    private static final int MOST_TRANSFERS = 1024;

    /** Where numbers begin of regions that the I/O ring has not taken. */
    private static final int OWN = 1 << 16;

    private static final class Region {
        private final ByteBuffer memory;
        private @Nullable RioSlab slab;
        private boolean refused;

        Region(ByteBuffer memory) {
            this.memory = memory;
        }
    }

    private final Rio rio;
    private final List<@Nullable Region> ofRing = new ArrayList<>();
    private final List<@Nullable Region> own = new ArrayList<>();
    private final List<RioSlab> retired = new ArrayList<>();
    private final List<DirectTransfer> inFlight = new ArrayList<>();
    private @Nullable DirectTransfer spare;
    private long bytesForOnce;

    RegisteredMemory(Rio rio) {
        this.rio = rio;
    }

    // Regions.

    /**
     * Knows a region from now on.
     *
     * @param index its number at the I/O ring, or -1
     * @return its number
     */
    int add(ByteBuffer region, int index) {
        List<@Nullable Region> table = index < 0 ? own : ofRing;
        int at = index < 0 ? own.indexOf(null) : index;
        if (at < 0) {
            at = own.size();
        }
        while (table.size() <= at) {
            table.add(null);
        }
        table.set(at, new Region(region));
        return index < 0 ? OWN + at : index;
    }

    /** Forgets a region; whether the I/O ring knows it. */
    boolean remove(int index) {
        List<@Nullable Region> table = index >= OWN ? own : ofRing;
        int at = index >= OWN ? index - OWN : index;
        Region region = at >= 0 && at < table.size() ? table.set(at, null) : null;
        if (region != null && region.slab != null) {
            retired.add(region.slab);
            closeRetired();
        }
        return index < OWN;
    }

    private void closeRetired() {
        for (int i = retired.size() - 1; i >= 0; i--) {
            if (retired.get(i).inFlight() == 0) {
                retired.remove(i).close();
            }
        }
    }

    /** The region of an operation, registered; null if there is none, or Windows refuses it. */
    private @Nullable RioSlab slab(int index) {
        List<@Nullable Region> table = index >= OWN ? own : ofRing;
        int at = index >= OWN ? index - OWN : index;
        Region region = at >= 0 && at < table.size() ? table.get(at) : null;
        if (region == null || region.refused) {
            return null;
        }
        if (region.slab == null) {
            try {
                region.slab = rio.registerMemory(region.memory);
            } catch (WinsockException noMoreMayBeLocked) {
                region.refused = true;
            }
        }
        return region.slab;
    }

    // Transfers.

    /**
     * Takes an operation's memory for a request.
     *
     * @param once whether memory of no region may be registered for it
     * @return what to name in the request, to be given back by {@link #release}; null if the bytes have to be copied
     */
    @Nullable
    DirectTransfer claim(Operation operation, boolean once) {
        int length = operation.length();
        long address = Preparation.address(operation);
        if (length == 0 || inFlight.size() == MOST_TRANSFERS || isInUse(address, length)) {
            return null;
        }
        RioSlab slab = slab(operation.bufferIndex());
        long offset = slab == null ? -1 : address - slab.address();
        if (slab != null && offset >= 0 && offset + length <= slab.size()) {
            return take(slab, address, (int) offset, length, false);
        }
        return once ? claimOnce(operation, address, Math.min(length, LARGEST_SEND)) : null;
    }

    private @Nullable DirectTransfer claimOnce(Operation operation, long address, int length) {
        ByteBuffer memory = operation.memory();
        if (memory == null || bytesForOnce + length > MOST_BYTES) {
            return null;
        }
        try {
            ByteBuffer part = memory.duplicate().clear().slice(operation.memoryOffset(), length);
            RioSlab slab = rio.registerMemory(part);
            bytesForOnce += length;
            return take(slab, address, 0, length, true);
        } catch (WinsockException noMoreMayBeLocked) {
            return null;
        }
    }

    private boolean isInUse(long address, int length) {
        for (int i = 0; i < inFlight.size(); i++) {
            DirectTransfer each = inFlight.get(i);
            if (address < each.address + each.bytes && each.address < address + length) {
                return true;
            }
        }
        return false;
    }

    private DirectTransfer take(RioSlab slab, long address, int offset, int bytes, boolean once) {
        DirectTransfer transfer = spare;
        if (transfer == null) {
            transfer = new DirectTransfer();
        } else {
            spare = transfer.next;
            transfer.next = null;
        }
        transfer.slab = slab;
        transfer.address = address;
        transfer.offset = offset;
        transfer.bytes = bytes;
        transfer.isOnce = once;
        inFlight.add(transfer);
        return transfer;
    }

    /** The request is over, or was never made. */
    void release(DirectTransfer transfer) {
        inFlight.remove(transfer);
        RioSlab slab = transfer.slab();
        transfer.slab = null;
        if (transfer.isOnce) {
            bytesForOnce -= transfer.bytes;
            slab.close();
        } else if (!retired.isEmpty()) {
            closeRetired();
        }
        transfer.next = spare;
        spare = transfer;
    }

    /** Deregisters all that no request has. */
    void close() {
        for (DirectTransfer each : inFlight) {
            retired.add(each.slab());
        }
        inFlight.clear();
        for (int i = 0; i < ofRing.size(); i++) {
            remove(i);
        }
        for (int i = 0; i < own.size(); i++) {
            remove(OWN + i);
        }
        closeRetired();
    }
}
