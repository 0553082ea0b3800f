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
    int FAIL_REGISTER = 11;

    int BY_BUFFER = 0;
    int BY_FILE = 1;
    int FILE_REGISTRATIONS = 2;

    ConcurrentMap<String, SimulatedIoRing> LOADED = new ConcurrentHashMap<>();

    void sim_ioring_set(int setting, @LongLong long value);

    void sim_ioring_reset(@LongLong long seed);

    int sim_ioring_open_rings();

    int sim_ioring_in_flight();

    int sim_ioring_count(int which);

    int sim_ioring_table_files();

    static SimulatedIoRing of(final String name) {
        return Simulators.isReal()
                ? Unsimulated.INSTANCE
                : LOADED.computeIfAbsent(
                        name, key -> LibraryLoader.create(SimulatedIoRing.class).load(Simulators.path(key)));
    }

    /** In the place of the controls on Windows itself: there is nothing to set, and nothing is counted. */
    enum Unsimulated implements SimulatedIoRing {
        INSTANCE;

        @Override
        public void sim_ioring_set(final int setting, final long value) {
            throw Simulators.without("a setting of the rings");
        }

        @Override
        public void sim_ioring_reset(final long seed) {
            // the rings of Windows have no settings
        }

        @Override
        public int sim_ioring_open_rings() {
            return 0;
        }

        @Override
        public int sim_ioring_in_flight() {
            return 0;
        }

        @Override
        public int sim_ioring_count(final int which) {
            throw Simulators.without("what simulated rings count");
        }

        @Override
        public int sim_ioring_table_files() {
            throw Simulators.without("what simulated rings count");
        }
    }
}
