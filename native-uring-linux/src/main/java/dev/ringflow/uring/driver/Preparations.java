package dev.ringflow.uring.driver;

import dev.ringflow.spi.OpCode;
import dev.ringflow.spi.Operation;

/** Which {@link Preparation} an operation belongs to. */
final class Preparations {
    private final SocketPreparation sockets;
    private final Preparation[] byOpCode = new Preparation[OpCode.values().length];

    Preparations(KernelSupport support, FileTable table) {
        ScratchMemory scratch = new ScratchMemory();
        FilePreparation files = new FilePreparation(scratch, support);
        SlotFilePreparation slotFiles = new SlotFilePreparation(scratch, files, support);
        PathPreparation paths = new PathPreparation(scratch, support, table);
        PipePreparation pipes = new PipePreparation(scratch, support);
        ReceivePreparation receiving = new ReceivePreparation(scratch);
        SendPreparation sending = new SendPreparation(scratch);
        sockets = new SocketPreparation(scratch, support);
        for (OpCode each : OpCode.values()) {
            byOpCode[each.ordinal()] = switch (each) {
                case LISTEN, CONNECT, ACCEPT, ACCEPT_MULTISHOT, SHUTDOWN -> sockets;
                case RECEIVE, RECEIVE_MULTISHOT -> receiving;
                case SEND, SEND_VECTORED, SEND_ZERO_COPY -> sending;
                case OPEN,
                        OPEN_RESTRICTED,
                        OPEN_DIRECT,
                        STAT_PATH,
                        RENAME,
                        EXCHANGE,
                        DELETE,
                        CREATE_DIRECTORY,
                        CREATE_SYMBOLIC_LINK,
                        CREATE_LINK,
                        GET_ATTRIBUTE,
                        SET_ATTRIBUTE,
                        REMOVE_ATTRIBUTE,
                        LIST_ATTRIBUTES -> paths;
                case PIPE, SPLICE_IN, SPLICE_OUT -> pipes;
                case STAT, TRUNCATE, INSTALL_DESCRIPTOR -> slotFiles;
                default -> files;
            };
        }
    }

    Preparation of(Operation operation) {
        return byOpCode[operation.opCode().ordinal()];
    }

    SocketPreparation sockets() {
        return sockets;
    }
}
