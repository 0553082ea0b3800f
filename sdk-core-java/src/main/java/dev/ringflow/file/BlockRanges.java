package dev.ringflow.file;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * Who writes which blocks of a file: ranges that overlap come one after the other, in the order in which they were
 * asked for. Any thread.
 */
final class BlockRanges {
    /** A range from {@code first} up to and without {@code end}. */
    record Claim(long first, long end, CompletableFuture<Claim> granted) {
        private boolean overlaps(Claim other) {
            return first < other.end && other.first < end;
        }
    }

    /** Granted ones and waiting ones, the oldest first. Guarded by this. */
    private final List<Claim> claims = new ArrayList<>();

    /** Asks for a range; the future completes, on any thread, when it is the caller's. */
    CompletableFuture<Claim> claim(long first, long end) {
        Claim claim = new Claim(first, end, new CompletableFuture<>());
        boolean free;
        synchronized (this) {
            free = isFree(claim);
            claims.add(claim);
        }
        if (free) {
            claim.granted.complete(claim);
        }
        return claim.granted;
    }

    /** Gives a range back, and others theirs. */
    void release(Claim done) {
        List<Claim> next = new ArrayList<>();
        synchronized (this) {
            for (Iterator<Claim> each = claims.iterator(); each.hasNext(); ) {
                if (each.next() == done) {
                    each.remove();
                    break;
                }
            }
            for (Claim each : claims) {
                if (!each.granted.isDone() && each.overlaps(done) && isFree(each)) {
                    next.add(each);
                }
            }
        }
        next.forEach(each -> each.granted.complete(each));
    }

    /** Whether no older one overlaps it. */
    private boolean isFree(Claim claim) {
        for (Claim older : claims) {
            if (older == claim) {
                return true;
            }
            if (older.overlaps(claim)) {
                return false;
            }
        }
        return true;
    }
}
