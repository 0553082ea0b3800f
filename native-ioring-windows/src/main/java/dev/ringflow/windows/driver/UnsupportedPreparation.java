package dev.ringflow.windows.driver;

import dev.ringflow.spi.OpCode;
import dev.ringflow.spi.Operation;

/** What this driver does not have here, with the reason. */
final class UnsupportedPreparation extends Preparation {
    UnsupportedPreparation(DriverCore core) {
        super(core);
    }

    @Override
    void start(Operation operation) {
        throw new UnsupportedOperationException(operation.opCode() + " is not supported by the driver "
                + WindowsDriverProvider.NAME + ": " + reason(operation.opCode()));
    }

    private static String reason(OpCode opCode) {
        return switch (opCode) {
            case OPEN_RESTRICTED -> "Windows cannot open a path and have it stay below a directory meanwhile";
            case OPEN_DIRECT -> "there is no I/O ring here that could have a table of files";
            case INSTALL_DESCRIPTOR -> "a file in the ring's table stands beside its handle, not in place of it";
            case ALLOCATE -> "Windows reserves space only at the end of a file";
            case PUNCH_HOLE, NEXT_DATA, NEXT_HOLE -> "its files are not sparse";
            case ADVISE -> "Windows takes advice only when a file is opened";
            case SPLICE_IN, SPLICE_OUT -> "Windows moves no bytes between a pipe and something else by itself";
            case EXCHANGE -> "Windows cannot swap two names in one step";
            case SEND_ZERO_COPY -> "there is no Registered I/O here; SEND copies";
            case SEND_DESCRIPTORS, RECEIVE_DESCRIPTORS -> "unix sockets of Windows carry no handles";
            case RECEIVE_PACKETS -> "packets are received one at a time, by RECEIVE_PACKET";
            case PACKET_OVERRUNS -> "Windows does not count what a full buffer has cost";
            case POLL, POLL_MULTISHOT ->
                "Windows tells what has been done, not what could be done, and knows handles by no descriptor";
            case TICKS -> "Windows has no such timer; the core's timers tell ticks";
            case FUTEX_WAIT, FUTEX_WAKE ->
                "WaitOnAddress keeps a thread for each wait, knows no other processes, and WakeByAddress does not tell how"
                        + " many it has woken";
            default -> "Windows has nothing like it";
        };
    }

    @Override
    void cancel(Operation operation) {}
}
