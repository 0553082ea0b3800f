package dev.ringflow.windows.driver;

import dev.ringflow.windows.iocp.SimulatedNetwork;

/**
 * What the simulators count of the system's things for sockets.
 *
 * @param sockets open sockets
 * @param completionQueues completion queues of Registered I/O
 * @param requestQueues request queues
 * @param buffers registered buffers
 */
record LiveSockets(int sockets, int completionQueues, int requestQueues, int buffers) {
    private static final int REFUSED = 4;

    static LiveSockets now() {
        SimulatedNetwork.Control counts = SimulatedNetwork.control();
        return new LiveSockets(
                SimulatedNetwork.openSockets(), counts.sim_rio_live(0), counts.sim_rio_live(1), counts.sim_rio_live(2));
    }

    /** How often something of Registered I/O was answered with {@code WSAENOBUFS}. */
    static int refused() {
        return SimulatedNetwork.control().sim_rio_live(REFUSED);
    }
}
