package dev.ringflow.windows.driver;

import dev.ringflow.Capabilities;
import dev.ringflow.Support;
import dev.ringflow.spi.OpCode;
import dev.ringflow.spi.Operation;

/** Which {@link Preparation} an operation belongs to. */
final class Preparations {
    private final Preparation[] byOpCode = new Preparation[OpCode.values().length];

    Preparations(DriverCore core, FilePreparation files, FileRings rings, SocketFamily sockets, Capabilities known) {
        Preparation none = new UnsupportedPreparation(core);
        Preparation opening = new OpenPreparation(core, rings);
        Preparation paths = new PathPreparation(core);
        Preparation pipes = new PipePreparation(core);
        Preparation processes = new ProcessPreparation(core);
        Preparation closing = new ClosePreparation(core);
        for (OpCode each : OpCode.values()) {
            if (known.support(each) == Support.NONE) {
                byOpCode[each.ordinal()] = none;
                continue;
            }
            Preparation ofSockets = sockets.preparation(each);
            byOpCode[each.ordinal()] = switch (each) {
                case NOP, CLOSE -> closing;
                case OPEN, OPEN_DIRECT -> opening;
                case PIPE -> pipes;
                case WAIT_CHILD -> processes;
                case READ, WRITE, APPEND, READ_VECTORED, WRITE_VECTORED, SYNC, SYNC_RANGE, STAT, TRUNCATE -> files;
                case STAT_PATH,
                        RENAME,
                        DELETE,
                        CREATE_DIRECTORY,
                        CREATE_SYMBOLIC_LINK,
                        CREATE_LINK,
                        GET_ATTRIBUTE,
                        SET_ATTRIBUTE,
                        REMOVE_ATTRIBUTE,
                        LIST_ATTRIBUTES -> paths;
                default -> ofSockets == null ? none : ofSockets;
            };
        }
    }

    Preparation of(Operation operation) {
        return byOpCode[operation.opCode().ordinal()];
    }
}
