package dev.ringflow.uring;

import static dev.ringflow.uring.UringConstants.AF_UNIX;
import static dev.ringflow.uring.UringConstants.IORING_OP_BIND;
import static dev.ringflow.uring.UringConstants.MSG_CMSG_CLOEXEC;
import static dev.ringflow.uring.UringConstants.MSG_CTRUNC;
import static dev.ringflow.uring.UringConstants.MSG_EOR;
import static dev.ringflow.uring.UringConstants.MSG_NOSIGNAL;
import static dev.ringflow.uring.UringConstants.MSG_TRUNC;
import static dev.ringflow.uring.UringConstants.SCM_CREDENTIALS;
import static dev.ringflow.uring.UringConstants.SCM_RIGHTS;
import static dev.ringflow.uring.UringConstants.SOCK_CLOEXEC;
import static dev.ringflow.uring.UringConstants.SOCK_DGRAM;
import static dev.ringflow.uring.UringConstants.SOCK_SEQPACKET;
import static dev.ringflow.uring.UringConstants.SOCK_STREAM;
import static dev.ringflow.uring.UringConstants.SOL_SOCKET;
import static dev.ringflow.uring.UringConstants.SO_PASSCRED;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ringflow.uring.internal.LibC;
import dev.ringflow.uring.struct.ControlMessage;
import dev.ringflow.uring.struct.Sockaddr;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Local sockets: file descriptors and credentials travel, names are paths or abstract. */
@Timeout(60)
class UnixSocketTest {
    private final Sockets sockets = new Sockets();
    private final ByteBuffer address = Memory.allocate(Sockaddr.STORAGE_SIZE, 8);
    private Uring ring;

    @BeforeEach
    void open() throws IOException {
        ring = Uring.open(8);
    }

    @AfterEach
    void close() {
        ring.close();
        sockets.close();
    }

    private int sendmsg(final int fd, final Message message) {
        return message.send(ring, fd);
    }

    private int recvmsg(final int fd, final Message message, final int flags) {
        return message.receive(ring, fd, flags);
    }

    @Test
    void shouldPassFileDescriptors() {
        final int[] pair = sockets.local(SOCK_STREAM);
        final int[] pipe = Native.pipe();
        final Message out = new Message(Native.bytes("fds"));
        assertThat(sendmsg(pair[0], out.control(ControlMessage.putRights(out.control, 0, pipe))))
                .isEqualTo(3);
        Native.close(pipe);

        final Message in = new Message(Memory.allocate(8, 1)).control(ControlMessage.space(8));
        assertThat(recvmsg(pair[1], in, MSG_CMSG_CLOEXEC)).isEqualTo(3);
        assertThat(in.flags() & MSG_CTRUNC).isZero();
        final int[] passed = ControlMessage.rights(in.control, in.find(SOL_SOCKET, SCM_RIGHTS));
        assertThat(passed).hasSize(2);
        sockets.keep(passed[0]);
        sockets.keep(passed[1]);
        assertThat(Native.isCloseOnExec(passed[0])).isTrue();
        Native.write(passed[1], "through");
        final ByteBuffer data = Memory.allocate(16, 1);
        ring.getSqe().prepRead(passed[0], Memory.address(data), 16, -1);
        assertThat(Completion.awaitResult(ring)).isEqualTo(7);
        assertThat(Native.text(data, 7)).isEqualTo("through");
    }

    /** What has no room is closed by the kernel: nothing leaks. */
    @Test
    void shouldTellThatFileDescriptorsHadNoRoom() throws IOException {
        final int[] pair = sockets.local(SOCK_STREAM);
        final int[] pipe = Native.pipe();
        sockets.keep(pipe[0]);
        sockets.keep(pipe[1]);
        final Message out = new Message(Native.bytes("fds"));
        assertThat(sendmsg(pair[0], out.control(ControlMessage.putRights(out.control, 0, pipe[0], pipe[0], pipe[1]))))
                .isEqualTo(3);
        final List<String> before = Native.openFiles();
        final Message in = new Message(Memory.allocate(8, 1)).control(ControlMessage.length(4));
        assertThat(recvmsg(pair[1], in, MSG_CMSG_CLOEXEC)).isEqualTo(3);
        assertThat(in.flags() & MSG_CTRUNC).isEqualTo(MSG_CTRUNC);
        final int[] passed = ControlMessage.rights(in.control, in.find(SOL_SOCKET, SCM_RIGHTS));
        assertThat(passed).hasSize(1);
        sockets.keep(passed[0]);
        assertThat(Native.openFiles())
                .filteredOn(file -> !before.contains(file))
                .as("nothing but what was passed")
                .singleElement()
                .asString()
                .startsWith(passed[0] + " ");
    }

    @Test
    void shouldTellWhoSends() {
        final int[] pair = sockets.local(SOCK_DGRAM);
        assertThat(Sockets.setOption(pair[1], SOL_SOCKET, SO_PASSCRED, 1)).isZero();
        final Message out = new Message(Native.bytes("who"));
        final Message in = new Message(Memory.allocate(8, 1)).control(64);
        assertThat(sendmsg(pair[0], out)).isEqualTo(3);
        assertThat(recvmsg(pair[1], in, 0)).isEqualTo(3);
        final int credentials = in.find(SOL_SOCKET, SCM_CREDENTIALS);
        final int pid = (int) ProcessHandle.current().pid();
        assertThat(in.control.getInt(credentials + ControlMessage.DATA)).isEqualTo(pid);
        final int uid = in.control.getInt(credentials + ControlMessage.DATA + 4);
        final int gid = in.control.getInt(credentials + ControlMessage.DATA + 8);

        assertThat(sendmsg(pair[0], out.control(ControlMessage.putCredentials(out.control, 0, pid, uid, gid))))
                .isEqualTo(3);
        assertThat(recvmsg(pair[1], in.control(64), 0)).isEqualTo(3);
        assertThat(in.find(SOL_SOCKET, SCM_CREDENTIALS)).isNotNegative();
        ControlMessage.putCredentials(out.control, 0, Integer.MAX_VALUE, uid, gid);
        assertThat(sendmsg(pair[0], out)).as("no such process").isIn(-Errno.ESRCH, -Errno.EPERM);
    }

    @Test
    void shouldListenAndConnectByPath(@TempDir final Path directory) {
        final UnixDomainSocketAddress path = UnixDomainSocketAddress.of(directory.resolve("socket"));
        final int listener = sockets.socket(AF_UNIX, SOCK_STREAM);
        Sockets.bind(listener, path);
        assertThat(LibC.listen(listener, 4)).isZero();
        final int client = sockets.socket(AF_UNIX, SOCK_STREAM);
        final int length = Sockaddr.set(address, 0, path);
        ring.getSqe().prepConnect(client, address, length);
        assertThat(Completion.awaitResult(ring)).isZero();

        final ByteBuffer peer = Memory.allocate(Sockaddr.STORAGE_SIZE, 8);
        final ByteBuffer room = Memory.allocate(4, 4).putInt(0, Sockaddr.STORAGE_SIZE);
        ring.getSqe().prepAccept(listener, peer, room, SOCK_CLOEXEC);
        final int server = sockets.keep(Completion.awaitResult(ring));
        assertThat(Sockaddr.get(peer, 0, room.getInt(0))).as("unnamed").isEqualTo(UnixDomainSocketAddress.of(""));
        room.putInt(0, Sockaddr.STORAGE_SIZE);
        assertThat(LibC.getsockname(server, Memory.address(peer), Memory.address(room)))
                .isZero();
        assertThat(Sockaddr.get(peer, 0, room.getInt(0))).isEqualTo(path);
        ring.getSqe().prepConnect(sockets.socket(AF_UNIX, SOCK_STREAM), address, Sockaddr.set(address, 0, path) - 2);
        assertThat(Completion.awaitResult(ring)).as("another name").isEqualTo(-Errno.ENOENT);
    }

    @Test
    void shouldUseAbstractNamesOfAnyBytes() {
        Native.assumeOpcode(ring, IORING_OP_BIND);
        final byte[] name = ("ringflow\0\u00ff" + System.nanoTime()).getBytes(StandardCharsets.ISO_8859_1);
        final int receiver = sockets.socket(AF_UNIX, SOCK_DGRAM);
        final int length = Sockaddr.setAbstract(address, 0, name);
        ring.getSqe().prepBind(receiver, address, length);
        assertThat(Completion.awaitResult(ring)).isZero();

        final int sender = sockets.socket(AF_UNIX, SOCK_DGRAM);
        ring.getSqe().prepSendto(sender, Native.bytes("abstract"), MSG_NOSIGNAL, address, length);
        assertThat(Completion.awaitResult(ring)).isEqualTo(8);
        final ByteBuffer in = Memory.allocate(16, 1);
        ring.getSqe().prepRecv(receiver, in, 0);
        assertThat(Completion.awaitResult(ring)).isEqualTo(8);

        final ByteBuffer room = Memory.allocate(4, 4).putInt(0, Sockaddr.STORAGE_SIZE);
        final ByteBuffer back = Memory.allocate(Sockaddr.STORAGE_SIZE, 8);
        assertThat(LibC.getsockname(receiver, Memory.address(back), Memory.address(room)))
                .isZero();
        assertThat(Sockaddr.abstractName(back, 0, room.getInt(0))).containsExactly(name);
    }

    @Test
    void shouldKeepTheBordersOfPackets() {
        final int[] pair = sockets.local(SOCK_SEQPACKET);
        final Message out = new Message(Native.bytes("first"), Native.bytes("!"));
        assertThat(sendmsg(pair[0], out)).isEqualTo(6);
        assertThat(sendmsg(pair[0], out)).isEqualTo(6);
        final Message in = new Message(Memory.allocate(4, 1));
        assertThat(recvmsg(pair[1], in, 0)).isEqualTo(4);
        assertThat(in.flags() & MSG_TRUNC).isEqualTo(MSG_TRUNC);
        final Message all = new Message(Memory.allocate(64, 1));
        assertThat(recvmsg(pair[1], all, 0)).isEqualTo(6);
        assertThat(all.flags() & ~MSG_EOR).isZero();
        assertThat(all.text(0, 6)).isEqualTo("first!");
    }
}
