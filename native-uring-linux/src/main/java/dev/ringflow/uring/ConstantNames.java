package dev.ringflow.uring;

/** Names of flags and opcodes, for messages and tables. Safe for use by any thread. */
public final class ConstantNames {
    private static final String[] SETUP = {
        "IOPOLL",
        "SQPOLL",
        "SQ_AFF",
        "CQSIZE",
        "CLAMP",
        "ATTACH_WQ",
        "R_DISABLED",
        "SUBMIT_ALL",
        "COOP_TASKRUN",
        "TASKRUN_FLAG",
        "SQE128",
        "CQE32",
        "SINGLE_ISSUER",
        "DEFER_TASKRUN",
        "NO_MMAP",
        "REGISTERED_FD_ONLY",
        "NO_SQARRAY",
        "HYBRID_IOPOLL",
        "CQE_MIXED",
        "SQE_MIXED",
        "SQ_REWIND"
    };

    private static final String[] FEATURES = {
        "SINGLE_MMAP", "NODROP", "SUBMIT_STABLE", "RW_CUR_POS", "CUR_PERSONALITY", "FAST_POLL", "POLL_32BITS",
        "SQPOLL_NONFIXED", "EXT_ARG", "NATIVE_WORKERS", "RSRC_TAGS", "CQE_SKIP", "LINKED_FILE", "REG_REG_RING",
        "RECVSEND_BUNDLE", "MIN_TIMEOUT", "RW_ATTR", "NO_IOWAIT"
    };

    private static final String[] OPCODES = {
        "NOP",
        "READV",
        "WRITEV",
        "FSYNC",
        "READ_FIXED",
        "WRITE_FIXED",
        "POLL_ADD",
        "POLL_REMOVE",
        "SYNC_FILE_RANGE",
        "SENDMSG",
        "RECVMSG",
        "TIMEOUT",
        "TIMEOUT_REMOVE",
        "ACCEPT",
        "ASYNC_CANCEL",
        "LINK_TIMEOUT",
        "CONNECT",
        "FALLOCATE",
        "OPENAT",
        "CLOSE",
        "FILES_UPDATE",
        "STATX",
        "READ",
        "WRITE",
        "FADVISE",
        "MADVISE",
        "SEND",
        "RECV",
        "OPENAT2",
        "EPOLL_CTL",
        "SPLICE",
        "PROVIDE_BUFFERS",
        "REMOVE_BUFFERS",
        "TEE",
        "SHUTDOWN",
        "RENAMEAT",
        "UNLINKAT",
        "MKDIRAT",
        "SYMLINKAT",
        "LINKAT",
        "MSG_RING",
        "FSETXATTR",
        "SETXATTR",
        "FGETXATTR",
        "GETXATTR",
        "SOCKET",
        "URING_CMD",
        "SEND_ZC",
        "SENDMSG_ZC",
        "READ_MULTISHOT",
        "WAITID",
        "FUTEX_WAIT",
        "FUTEX_WAKE",
        "FUTEX_WAITV",
        "FIXED_FD_INSTALL",
        "FTRUNCATE",
        "BIND",
        "LISTEN",
        "RECV_ZC",
        "EPOLL_WAIT",
        "READV_FIXED",
        "WRITEV_FIXED",
        "PIPE",
        "NOP128",
        "URING_CMD128"
    };

    private ConstantNames() {}

    /**
     * Set-up flags by name.
     *
     * @param flags {@code IORING_SETUP_} flags
     * @return for example {@code "SQPOLL|CLAMP"}; {@code "0"} for none; an unnamed bit as {@code "1<<30"}
     */
    public static String setupFlags(final int flags) {
        return join(flags, SETUP);
    }

    /**
     * Features by name.
     *
     * @param features {@code IORING_FEAT_} flags
     * @return for example {@code "SINGLE_MMAP|NODROP"}; {@code "0"} for none; an unnamed bit as {@code "1<<30"}
     */
    public static String features(final int features) {
        return join(features, FEATURES);
    }

    /**
     * An opcode by name.
     *
     * @param opcode an {@code IORING_OP_} constant
     * @return for example {@code "READ_FIXED"}; an unnamed one as {@code "op 99"}
     */
    public static String opcode(final int opcode) {
        return opcode >= 0 && opcode < OPCODES.length ? OPCODES[opcode] : "op " + opcode;
    }

    /**
     * How many opcodes have a name here.
     *
     * @return the first opcode that {@link #opcode} does not name
     */
    public static int opcodeCount() {
        return OPCODES.length;
    }

    private static String join(final int bits, final String[] names) {
        if (bits == 0) {
            return "0";
        }
        final StringBuilder text = new StringBuilder();
        for (int i = 0; i < Integer.SIZE; i++) {
            if ((bits >>> i & 1) != 0) {
                text.append(text.length() == 0 ? "" : "|").append(i < names.length ? names[i] : "1<<" + i);
            }
        }
        return text.toString();
    }
}
