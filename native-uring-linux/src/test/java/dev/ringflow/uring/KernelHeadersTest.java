package dev.ringflow.uring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.ringflow.uring.struct.BufferRingEntry;
import dev.ringflow.uring.struct.ControlMessage;
import dev.ringflow.uring.struct.EpollEvent;
import dev.ringflow.uring.struct.FutexWaitv;
import dev.ringflow.uring.struct.Iovec;
import dev.ringflow.uring.struct.Msghdr;
import dev.ringflow.uring.struct.OpenHow;
import dev.ringflow.uring.struct.RecvmsgOut;
import dev.ringflow.uring.struct.SigInfo;
import dev.ringflow.uring.struct.Sockaddr;
import dev.ringflow.uring.struct.Statx;
import dev.ringflow.uring.struct.Timespec;
import java.io.IOException;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every constant and offset against the C headers of this machine, by a C program that prints them. */
class KernelHeadersTest {
    private static final String HEADERS = "#define _GNU_SOURCE\n"
            + "#include <stddef.h>\n#include <stdio.h>\n#include <errno.h>\n#include <fcntl.h>\n#include <poll.h>\n"
            + "#include <time.h>\n#include <sys/eventfd.h>\n#include <sys/mman.h>\n#include <sys/resource.h>\n#include <sys/socket.h>\n"
            + "#include <sys/stat.h>\n#include <sys/uio.h>\n#include <sys/un.h>\n#include <netinet/in.h>\n"
            + "#include <netinet/tcp.h>\n#include <netinet/udp.h>\n"
            + "#include <sys/ioctl.h>\n#include <linux/if_packet.h>\n#include <linux/if_ether.h>\n#include <linux/sockios.h>\n"
            + "#include <linux/net_tstamp.h>\n#include <linux/io_uring.h>\n#include <linux/falloc.h>\n"
            + "#include <sys/epoll.h>\n#include <sys/wait.h>\n#include <signal.h>\n#include <linux/futex.h>\n"
            + "#include <sys/xattr.h>\n#include <linux/mman.h>\n#include <linux/openat2.h>\n";

    @TempDir
    private static Path directory;

    @BeforeAll
    static void requireCompiler() {
        final boolean present = hasCompiler();
        if (!present && System.getenv("CI") != null) {
            throw new AssertionError(
                    "gcc and the kernel's headers are needed here: apt-get install gcc linux-libc-dev");
        }
        assumeTrue(present, "no gcc: constants are not compared with the C headers");
    }

    private static boolean hasCompiler() {
        try {
            return run("gcc", "--version").exitCode == 0;
        } catch (final IOException e) {
            return false;
        }
    }

    @Test
    void shouldHaveTheValuesOfTheHeaders() throws Exception {
        final Map<String, Long> constants = constants(UringConstants.class);
        final Map<String, Long> header = evaluateKnown(constants.keySet());
        header.computeIfPresent("FUTEX_BITSET_MATCH_ANY", (name, value) -> value & 0xFFFFFFFFL); // a long here

        final Map<String, Long> compared = new LinkedHashMap<>(constants);
        compared.keySet().retainAll(header.keySet());
        assertThat(compared).isEqualTo(header);

        final TreeSet<String> unknown = new TreeSet<>(constants.keySet());
        unknown.removeAll(header.keySet());
        System.out.println("UringConstants: " + header.size() + " compared with the headers of this machine, "
                + unknown.size() + " too new for them: " + unknown);
        assertThat(header.size()).isGreaterThan(270);
        assertThat(unknown)
                .allMatch(name -> name.startsWith("IO")
                        || name.startsWith("SOCKET_URING")
                        || name.startsWith("ZCRX_")
                        || name.startsWith("FUTEX2_")
                        || name.startsWith("BLOCK_URING")
                        || name.startsWith("STATX_")
                        || name.startsWith("RWF_")
                        || name.equals("FALLOC_FL_WRITE_ZEROES")
                        || name.equals("LIBURING_UDATA_TIMEOUT"));
    }

    @Test
    void shouldHaveTheErrorsOfTheHeaders() throws Exception {
        final Map<String, Long> constants = constants(Errno.class);
        assertThat(evaluateKnown(constants.keySet())).isEqualTo(constants);
        for (final Map.Entry<String, Long> constant : constants.entrySet()) {
            if (!constant.getKey().equals("EWOULDBLOCK")) {
                assertThat(Errno.name(constant.getValue().intValue())).isEqualTo(constant.getKey());
                assertThat(Errno.name(-constant.getValue().intValue())).isEqualTo(constant.getKey());
                assertThat(Errno.meaning(constant.getValue().intValue()))
                        .endsWith(".")
                        .doesNotContain("not name");
            }
        }
        assertThat(Errno.name(0)).isEqualTo("E0");
        assertThat(Errno.name(41)).isEqualTo("E41");
        assertThat(Errno.name(-5000)).isEqualTo("E5000");
        assertThat(Errno.name(Integer.MIN_VALUE)).startsWith("E");
        assertThat(Errno.meaning(Integer.MIN_VALUE)).isNotEmpty();
    }

    @Test
    void shouldHaveTheLayoutsOfTheHeaders() throws Exception {
        final Map<String, Integer> ours = new LinkedHashMap<>();
        layout(
                ours,
                "struct io_uring_sqe",
                SqeSlot.SIZE,
                Map.ofEntries(
                        Map.entry("opcode", SqeSlot.OPCODE),
                        Map.entry("flags", SqeSlot.FLAGS),
                        Map.entry("ioprio", SqeSlot.IOPRIO),
                        Map.entry("fd", SqeSlot.FD),
                        Map.entry("off", SqeSlot.OFF),
                        Map.entry("addr", SqeSlot.ADDR),
                        Map.entry("len", SqeSlot.LEN),
                        Map.entry("rw_flags", SqeSlot.RW_FLAGS),
                        Map.entry("user_data", SqeSlot.USER_DATA),
                        Map.entry("buf_index", SqeSlot.BUF_INDEX),
                        Map.entry("personality", SqeSlot.PERSONALITY),
                        Map.entry("file_index", SqeSlot.FILE_INDEX),
                        Map.entry("addr3", SqeSlot.ADDR3)));
        layout(
                ours,
                "struct io_uring_cqe",
                Cqe.SIZE,
                Map.of("user_data", Cqe.USER_DATA, "res", Cqe.RES, "flags", Cqe.FLAGS));
        layout(
                ours,
                "struct io_uring_params",
                ParamsLayout.SIZE,
                Map.ofEntries(
                        Map.entry("sq_entries", ParamsLayout.SQ_ENTRIES),
                        Map.entry("cq_entries", ParamsLayout.CQ_ENTRIES),
                        Map.entry("flags", ParamsLayout.FLAGS),
                        Map.entry("sq_thread_cpu", ParamsLayout.SQ_THREAD_CPU),
                        Map.entry("sq_thread_idle", ParamsLayout.SQ_THREAD_IDLE),
                        Map.entry("features", ParamsLayout.FEATURES),
                        Map.entry("wq_fd", ParamsLayout.WQ_FD),
                        Map.entry("sq_off.head", ParamsLayout.SQ_HEAD),
                        Map.entry("sq_off.tail", ParamsLayout.SQ_TAIL),
                        Map.entry("sq_off.ring_mask", ParamsLayout.SQ_RING_MASK),
                        Map.entry("sq_off.ring_entries", ParamsLayout.SQ_RING_ENTRIES),
                        Map.entry("sq_off.flags", ParamsLayout.SQ_FLAGS),
                        Map.entry("sq_off.dropped", ParamsLayout.SQ_DROPPED),
                        Map.entry("sq_off.array", ParamsLayout.SQ_ARRAY),
                        Map.entry("cq_off.head", ParamsLayout.CQ_HEAD),
                        Map.entry("cq_off.tail", ParamsLayout.CQ_TAIL),
                        Map.entry("cq_off.ring_mask", ParamsLayout.CQ_RING_MASK),
                        Map.entry("cq_off.ring_entries", ParamsLayout.CQ_RING_ENTRIES),
                        Map.entry("cq_off.overflow", ParamsLayout.CQ_OVERFLOW),
                        Map.entry("cq_off.cqes", ParamsLayout.CQ_CQES),
                        Map.entry("cq_off.flags", ParamsLayout.CQ_FLAGS)));
        layout(ours, "struct io_uring_probe", Probe.HEADER, Map.of("last_op", 0, "ops_len", 1));
        layout(ours, "struct io_uring_probe_op", Probe.OP_SIZE, Map.of("op", 0, "flags", 2));
        layout(ours, "struct io_uring_getevents_arg", 24, Map.of("sigmask", 0, "ts", 16));
        layout(ours, "struct io_uring_rsrc_register", 32, Map.of("nr", 0, "flags", 4, "data", 16, "tags", 24));
        layout(ours, "struct io_uring_rsrc_update", UringRegistration.RSRC_UPDATE_SIZE, Map.of("offset", 0, "data", 8));
        layout(ours, "struct io_uring_rsrc_update2", 32, Map.of("offset", 0, "data", 8, "tags", 16, "nr", 24));
        layout(ours, "struct io_uring_file_index_range", 16, Map.of("off", 0, "len", 4));
        layout(
                ours,
                "struct io_uring_restriction",
                Restrictions.SIZE,
                Map.of(
                        "opcode",
                        Restrictions.OPCODE,
                        "register_op",
                        Restrictions.VALUE,
                        "sqe_flags",
                        Restrictions.VALUE));
        layout(
                ours,
                "struct io_uring_sync_cancel_reg",
                UringRegistration.SyncCancel.SIZE,
                Map.of(
                        "addr",
                        UringRegistration.SyncCancel.ADDR,
                        "fd",
                        UringRegistration.SyncCancel.FD,
                        "flags",
                        UringRegistration.SyncCancel.FLAGS,
                        "timeout",
                        UringRegistration.SyncCancel.TIMEOUT));
        layout(
                ours,
                "struct io_uring_buf",
                BufferRingEntry.SIZE,
                Map.of("addr", BufferRingEntry.ADDR, "len", BufferRingEntry.LEN, "bid", BufferRingEntry.BID));
        layout(ours, "struct io_uring_buf_ring", BufferRingEntry.SIZE, Map.of("tail", BufferRingEntry.TAIL));
        layout(
                ours,
                "struct io_uring_buf_reg",
                UringBufferRings.BUF_REG_SIZE,
                Map.of("ring_addr", 0, "ring_entries", 8, "bgid", 12));
        layout(ours, "struct iovec", Iovec.SIZE, Map.of("iov_base", Iovec.BASE, "iov_len", Iovec.LEN));
        layout(
                ours,
                "struct __kernel_timespec",
                Timespec.SIZE,
                Map.of("tv_sec", Timespec.SEC, "tv_nsec", Timespec.NSEC));
        layout(
                ours,
                "struct epoll_event",
                EpollEvent.SIZE,
                Map.of("events", EpollEvent.EVENTS, "data", EpollEvent.DATA));
        layout(
                ours,
                "struct futex_waitv",
                FutexWaitv.SIZE,
                Map.of(
                        "val",
                        FutexWaitv.VAL,
                        "uaddr",
                        FutexWaitv.UADDR,
                        "flags",
                        FutexWaitv.FLAGS,
                        "__reserved",
                        FutexWaitv.RESERVED));
        layout(
                ours,
                "siginfo_t",
                SigInfo.SIZE,
                Map.of(
                        "si_signo",
                        SigInfo.SIGNO,
                        "si_errno",
                        SigInfo.ERRNO,
                        "si_code",
                        SigInfo.CODE,
                        "si_pid",
                        SigInfo.PID,
                        "si_uid",
                        SigInfo.UID,
                        "si_status",
                        SigInfo.STATUS));
        layout(
                ours,
                "struct sockaddr_in",
                Sockaddr.IN_SIZE,
                Map.of("sin_family", Sockaddr.FAMILY, "sin_port", Sockaddr.PORT, "sin_addr", Sockaddr.IN_ADDR));
        layout(
                ours,
                "struct sockaddr_in6",
                Sockaddr.IN6_SIZE,
                Map.of(
                        "sin6_family",
                        Sockaddr.FAMILY,
                        "sin6_port",
                        Sockaddr.PORT,
                        "sin6_flowinfo",
                        Sockaddr.IN6_FLOWINFO,
                        "sin6_addr",
                        Sockaddr.IN6_ADDR,
                        "sin6_scope_id",
                        Sockaddr.IN6_SCOPE_ID));
        layout(
                ours,
                "struct sockaddr_un",
                Sockaddr.UN_SIZE,
                Map.of("sun_family", Sockaddr.FAMILY, "sun_path", Sockaddr.UN_PATH));
        layout(ours, "struct sockaddr_storage", Sockaddr.STORAGE_SIZE, Map.of());
        layout(
                ours,
                "struct sockaddr_ll",
                Sockaddr.LL_SIZE,
                Map.of(
                        "sll_family",
                        Sockaddr.FAMILY,
                        "sll_protocol",
                        Sockaddr.LL_PROTOCOL,
                        "sll_ifindex",
                        Sockaddr.LL_IFINDEX,
                        "sll_hatype",
                        Sockaddr.LL_HATYPE,
                        "sll_pkttype",
                        Sockaddr.LL_PKTTYPE,
                        "sll_halen",
                        Sockaddr.LL_HALEN,
                        "sll_addr",
                        Sockaddr.LL_ADDR));
        layout(
                ours,
                "struct msghdr",
                Msghdr.SIZE,
                Map.of(
                        "msg_name",
                        Msghdr.NAME,
                        "msg_namelen",
                        Msghdr.NAMELEN,
                        "msg_iov",
                        Msghdr.IOV,
                        "msg_iovlen",
                        Msghdr.IOVLEN,
                        "msg_control",
                        Msghdr.CONTROL,
                        "msg_controllen",
                        Msghdr.CONTROLLEN,
                        "msg_flags",
                        Msghdr.FLAGS));
        layout(
                ours,
                "struct cmsghdr",
                ControlMessage.DATA,
                Map.of(
                        "cmsg_len",
                        ControlMessage.LEN,
                        "cmsg_level",
                        ControlMessage.LEVEL,
                        "cmsg_type",
                        ControlMessage.TYPE));
        layout(ours, "struct ucred", ControlMessage.CREDENTIALS_SIZE, Map.of("pid", 0, "uid", 4, "gid", 8));
        layout(
                ours,
                "struct in_pktinfo",
                ControlMessage.PKTINFO_SIZE,
                Map.of(
                        "ipi_ifindex",
                        0,
                        "ipi_spec_dst",
                        ControlMessage.PKTINFO_SPEC_DST,
                        "ipi_addr",
                        ControlMessage.PKTINFO_ADDR));
        layout(
                ours,
                "struct in6_pktinfo",
                ControlMessage.PKTINFO6_SIZE,
                Map.of("ipi6_addr", 0, "ipi6_ifindex", ControlMessage.PKTINFO6_IFINDEX));
        layout(
                ours,
                "struct io_uring_recvmsg_out",
                RecvmsgOut.SIZE,
                Map.of(
                        "namelen",
                        RecvmsgOut.NAMELEN,
                        "controllen",
                        RecvmsgOut.CONTROLLEN,
                        "payloadlen",
                        RecvmsgOut.PAYLOADLEN,
                        "flags",
                        RecvmsgOut.FLAGS));
        layout(
                ours,
                "struct open_how",
                OpenHow.SIZE,
                Map.of("flags", OpenHow.FLAGS, "mode", OpenHow.MODE, "resolve", OpenHow.RESOLVE));
        layout(
                ours,
                "struct statx",
                Statx.SIZE,
                Map.ofEntries(
                        Map.entry("stx_mask", Statx.MASK),
                        Map.entry("stx_blksize", Statx.BLKSIZE),
                        Map.entry("stx_attributes", Statx.ATTRIBUTES),
                        Map.entry("stx_nlink", Statx.NLINK),
                        Map.entry("stx_uid", Statx.UID),
                        Map.entry("stx_gid", Statx.GID),
                        Map.entry("stx_mode", Statx.MODE),
                        Map.entry("stx_ino", Statx.INO),
                        Map.entry("stx_size", Statx.SIZE_IN_BYTES),
                        Map.entry("stx_blocks", Statx.BLOCKS),
                        Map.entry("stx_attributes_mask", Statx.ATTRIBUTES_MASK),
                        Map.entry("stx_atime", Statx.ATIME),
                        Map.entry("stx_btime", Statx.BTIME),
                        Map.entry("stx_ctime", Statx.CTIME),
                        Map.entry("stx_mtime", Statx.MTIME),
                        Map.entry("stx_rdev_major", Statx.RDEV_MAJOR),
                        Map.entry("stx_rdev_minor", Statx.RDEV_MINOR),
                        Map.entry("stx_dev_major", Statx.DEV_MAJOR),
                        Map.entry("stx_dev_minor", Statx.DEV_MINOR),
                        Map.entry("stx_mnt_id", Statx.MNT_ID)));

        final StringBuilder program = new StringBuilder(HEADERS).append("int main(void) {\n");
        for (final String expression : ours.keySet()) {
            program.append("  printf(\"%zu\\n\", (size_t) ").append(expression).append(");\n");
        }
        final List<Long> theirs = compileAndRun(program.append("}\n").toString());
        final Map<String, Integer> header = new HashMap<>();
        int i = 0;
        for (final String expression : ours.keySet()) {
            header.put(expression, Math.toIntExact(theirs.get(i++)));
        }
        assertThat(ours).isEqualTo(header);
    }

    /** Fields that headers may be too old for: those that are there must lie where we say. */
    @Test
    void shouldHaveTheLayoutsOfNewerHeaders() throws Exception {
        final Map<String, Integer> ours = new LinkedHashMap<>();
        layout(
                ours,
                "struct statx",
                Statx.SIZE,
                Map.ofEntries(
                        Map.entry("stx_dio_mem_align", Statx.DIO_MEM_ALIGN),
                        Map.entry("stx_dio_offset_align", Statx.DIO_OFFSET_ALIGN),
                        Map.entry("stx_subvol", Statx.SUBVOL),
                        Map.entry("stx_atomic_write_unit_min", Statx.ATOMIC_WRITE_UNIT_MIN),
                        Map.entry("stx_atomic_write_unit_max", Statx.ATOMIC_WRITE_UNIT_MAX),
                        Map.entry("stx_atomic_write_segments_max", Statx.ATOMIC_WRITE_SEGMENTS_MAX),
                        Map.entry("stx_dio_read_offset_align", Statx.DIO_READ_OFFSET_ALIGN),
                        Map.entry("stx_atomic_write_unit_max_opt", Statx.ATOMIC_WRITE_UNIT_MAX_OPT)));
        final List<String> tooNew = new ArrayList<>();
        for (final Map.Entry<String, Integer> field : ours.entrySet()) {
            final Path source = Files.writeString(
                    directory.resolve("field.c"),
                    HEADERS + "_Static_assert(" + field.getKey() + " == " + field.getValue() + ", \"offset\");\n");
            final Result compiled = run("gcc", "-w", "-fsyntax-only", source.toString());
            if (compiled.output.contains("has no member")) {
                tooNew.add(field.getKey());
            } else {
                assertThat(compiled.exitCode).as(compiled.output).isZero();
            }
        }
        System.out.println("Layouts too new for the headers of this machine: " + tooNew);
        assertThat(tooNew).doesNotContain("sizeof(struct statx)");
    }

    private static void layout(
            final Map<String, Integer> ours, final String struct, final int size, final Map<String, Integer> fields) {
        ours.put("sizeof(" + struct + ")", size);
        fields.forEach((field, offset) -> ours.put("offsetof(" + struct + ", " + field + ")", offset));
    }

    private static Map<String, Long> constants(final Class<?> type) throws IllegalAccessException {
        final Map<String, Long> constants = new LinkedHashMap<>();
        for (final Field field : type.getFields()) {
            if (Modifier.isStatic(field.getModifiers()) && field.getType().isPrimitive()) {
                constants.put(field.getName(), ((Number) field.get(null)).longValue());
            }
        }
        return constants;
    }

    /** The values of those names that the headers have; 32-bit ones as Java's int. */
    private static Map<String, Long> evaluateKnown(final Iterable<String> names) throws Exception {
        final List<String> known = new ArrayList<>();
        names.forEach(known::add);
        while (true) {
            final StringBuilder program = new StringBuilder(HEADERS).append("int main(void) {\n");
            for (final String name : known) {
                program.append("  printf(\"%lld\\n\", sizeof(")
                        .append(name)
                        .append(") > 4 ? (long long) (")
                        .append(name)
                        .append(") : (long long) (int) (")
                        .append(name)
                        .append("));\n");
            }
            final Path source = Files.writeString(
                    directory.resolve("names.c"), program.append("}\n").toString());
            final Result result = run(
                    "gcc",
                    "-w",
                    "-fmax-errors=0",
                    "-o",
                    directory.resolve("names").toString(),
                    source.toString());
            if (result.exitCode == 0) {
                break;
            }
            final int before = known.size();
            known.removeIf(name -> result.output.contains("\u2018" + name + "\u2019 undeclared")
                    || result.output.contains("'" + name + "' undeclared"));
            assertThat(known.size()).as(result.output).isLessThan(before);
        }
        final List<Long> values = numbers(run(directory.resolve("names").toString()));
        final Map<String, Long> evaluated = new LinkedHashMap<>();
        for (int i = 0; i < known.size(); i++) {
            evaluated.put(known.get(i), values.get(i));
        }
        return evaluated;
    }

    private static List<Long> compileAndRun(final String program) throws Exception {
        final Path source = Files.writeString(directory.resolve("program.c"), program);
        final Result compiled =
                run("gcc", "-w", "-o", directory.resolve("program").toString(), source.toString());
        assertThat(compiled.exitCode).as(compiled.output).isZero();
        return numbers(run(directory.resolve("program").toString()));
    }

    private static List<Long> numbers(final Result result) {
        assertThat(result.exitCode).isZero();
        return result.output.lines().map(Long::valueOf).collect(Collectors.toList());
    }

    private record Result(int exitCode, String output) {}

    private static Result run(final String... command) throws IOException {
        final Process process =
                new ProcessBuilder(command).redirectErrorStream(true).start();
        final String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        try {
            if (!process.waitFor(60, TimeUnit.SECONDS)) {
                throw new AssertionError("no end of " + String.join(" ", command));
            }
        } catch (final InterruptedException e) {
            throw new AssertionError(e);
        }
        return new Result(process.exitValue(), output);
    }
}
