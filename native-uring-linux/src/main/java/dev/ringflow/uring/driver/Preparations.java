package dev.ringflow.uring.driver;

import dev.ringflow.spi.OpCode;
import dev.ringflow.spi.Operation;
import java.util.function.BiConsumer;

/** Which {@link Preparation} an operation belongs to. */
final class Preparations {
    private final SocketPreparation sockets;
    private final Preparation[] byOpCode = new Preparation[OpCode.values().length];

    Preparations(KernelSupport support, FileTable table, BiConsumer<String, String> addDetail) {
        ScratchMemory scratch = new ScratchMemory();
        FilePreparation files = new FilePreparation(scratch, support);
        SlotFilePreparation slotFiles = new SlotFilePreparation(scratch, files, support);
        PathPreparation paths = new PathPreparation(scratch, support, table);
        PipePreparation pipes = new PipePreparation(scratch, support);
        WaitPreparation waiting = new WaitPreparation(scratch, support);
        TickPreparation ticking = new TickPreparation(scratch);
        ProcessPreparation processes = new ProcessPreparation(scratch, support);
        ReceivePreparation receiving = new ReceivePreparation(scratch);
        SendPreparation sending = new SendPreparation(scratch, support, addDetail);
        DatagramPreparation datagrams = new DatagramPreparation(scratch);
        DatagramMultishotPreparation datagramStreams = new DatagramMultishotPreparation(scratch);
        sockets = new SocketPreparation(scratch, support);
        OptionPreparation options = new OptionPreparation(scratch, support);
        DescriptorPreparation descriptors = new DescriptorPreparation(scratch);
        PacketPreparation packets = new PacketPreparation(scratch, addDetail);
        for (OpCode each : OpCode.values()) {
            byOpCode[each.ordinal()] = switch (each) {
                case LISTEN, CONNECT, ACCEPT, ACCEPT_MULTISHOT, SHUTDOWN -> sockets;
                case GET_OPTION, SET_OPTION -> options;
                case SEND_DESCRIPTORS, RECEIVE_DESCRIPTORS -> descriptors;
                case RECEIVE, RECEIVE_MULTISHOT -> receiving;
                case SEND, SEND_VECTORED, SEND_ZERO_COPY -> sending;
                case BIND, CONNECT_DATAGRAM, RECEIVE_DATAGRAM, SEND_DATAGRAM, JOIN_GROUP, LEAVE_GROUP -> datagrams;
                case RECEIVE_DATAGRAM_MULTISHOT -> datagramStreams;
                case OPEN_PACKET_SOCKET, SEND_PACKET, RECEIVE_PACKET, RECEIVE_PACKETS, PACKET_OVERRUNS -> packets;
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
                case POLL, POLL_MULTISHOT, FUTEX_WAIT, FUTEX_WAKE -> waiting;
                case TICKS -> ticking;
                case WAIT_CHILD -> processes;
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
