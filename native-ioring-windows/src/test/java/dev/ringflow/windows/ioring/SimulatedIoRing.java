package dev.ringflow.windows.ioring;

import dev.ringflow.windows.Simulators;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import jnr.ffi.LibraryLoader;
import jnr.ffi.annotations.LongLong;

/** The controls of simioring.c; each of its two libraries has its own. */
public interface SimulatedIoRing {
    int MAX_VERSION = 0;
    int FEATURES = 1;
    int HOLD = 2;
    int FAIL_PERCENT = 3;
    int SHORT_PERCENT = 4;
    int PEND_PERCENT = 5;
    int FAIL_SUBMIT = 6;
    int FAIL_QUERY = 7;
    int FAIL_NEXT = 8;

    ConcurrentMap<String, SimulatedIoRing> LOADED = new ConcurrentHashMap<>();

    void sim_ioring_set(int setting, @LongLong long value);

    void sim_ioring_reset(@LongLong long seed);

    int sim_ioring_open_rings();

    int sim_ioring_in_flight();

    static SimulatedIoRing of(final String name) {
        return LOADED.computeIfAbsent(
                name, key -> LibraryLoader.create(SimulatedIoRing.class).load(Simulators.path(key)));
    }
}
