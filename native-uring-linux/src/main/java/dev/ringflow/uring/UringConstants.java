package dev.ringflow.uring;

/**
 * The constants of the kernel's {@code <linux/io_uring.h>} as of Linux 7.2, under the kernel's names, and those of other
 * headers that entries are filled with: {@code AT_}, {@code O_}, {@code SOCK_}, {@code MSG_}, {@code POLL} and so on, with the values
 * that x86-64, aarch64 and riscv64 have.
 *
 * <p>All are {@code int}, as the kernel's fields are, save the offsets for {@code mmap(2)}. "Since Linux" tells which
 * release brought a constant; {@link Probe} and {@link Uring#features()} tell what the running kernel knows.
 *
 * <p>Source: {@code io_uring_enter(2)}, {@code io_uring_setup(2)}, {@code io_uring_register(2)}.
 */
public final class UringConstants {
    /** A few flags have other values on ARM. */
    private static final boolean ARM = isArm();

    private UringConstants() {}

    private static boolean isArm() {
        final String machine = System.getProperty("os.arch", "");
        return machine.startsWith("aarch64") || machine.startsWith("arm");
    }

    // Opcodes: sqe->opcode

    /** Does nothing; completes with 0. Since Linux 5.1. */
    public static final int IORING_OP_NOP = 0;

    /** {@code preadv2(2)}. Since Linux 5.1. */
    public static final int IORING_OP_READV = 1;

    /** {@code pwritev2(2)}. Since Linux 5.1. */
    public static final int IORING_OP_WRITEV = 2;

    /** {@code fsync(2)}. Since Linux 5.1. */
    public static final int IORING_OP_FSYNC = 3;

    /** Reads into a registered buffer. Since Linux 5.1. */
    public static final int IORING_OP_READ_FIXED = 4;

    /** Writes from a registered buffer. Since Linux 5.1. */
    public static final int IORING_OP_WRITE_FIXED = 5;

    /** Waits until a file is ready. Since Linux 5.1. */
    public static final int IORING_OP_POLL_ADD = 6;

    /** Removes or updates a poll request. Since Linux 5.1. */
    public static final int IORING_OP_POLL_REMOVE = 7;

    /** {@code sync_file_range(2)}. Since Linux 5.2. */
    public static final int IORING_OP_SYNC_FILE_RANGE = 8;

    /** {@code sendmsg(2)}. Since Linux 5.3. */
    public static final int IORING_OP_SENDMSG = 9;

    /** {@code recvmsg(2)}. Since Linux 5.3. */
    public static final int IORING_OP_RECVMSG = 10;

    /** Completes after a time or a number of completions. Since Linux 5.4. */
    public static final int IORING_OP_TIMEOUT = 11;

    /** Removes or updates a timeout. Since Linux 5.5. */
    public static final int IORING_OP_TIMEOUT_REMOVE = 12;

    /** {@code accept4(2)}. Since Linux 5.5. */
    public static final int IORING_OP_ACCEPT = 13;

    /** Asks for the cancellation of requests. Since Linux 5.5. */
    public static final int IORING_OP_ASYNC_CANCEL = 14;

    /** Bounds the time of the entry linked before it. Since Linux 5.5. */
    public static final int IORING_OP_LINK_TIMEOUT = 15;

    /** {@code connect(2)}. Since Linux 5.5. */
    public static final int IORING_OP_CONNECT = 16;

    /** {@code fallocate(2)}. Since Linux 5.6. */
    public static final int IORING_OP_FALLOCATE = 17;

    /** {@code openat(2)}. Since Linux 5.6. */
    public static final int IORING_OP_OPENAT = 18;

    /** {@code close(2)}. Since Linux 5.6. */
    public static final int IORING_OP_CLOSE = 19;

    /** Updates the table of registered files. Since Linux 5.6. */
    public static final int IORING_OP_FILES_UPDATE = 20;

    /** {@code statx(2)}. Since Linux 5.6. */
    public static final int IORING_OP_STATX = 21;

    /** {@code pread(2)}. Since Linux 5.6. */
    public static final int IORING_OP_READ = 22;

    /** {@code pwrite(2)}. Since Linux 5.6. */
    public static final int IORING_OP_WRITE = 23;

    /** {@code posix_fadvise(2)}. Since Linux 5.6. */
    public static final int IORING_OP_FADVISE = 24;

    /** {@code madvise(2)}. Since Linux 5.6. */
    public static final int IORING_OP_MADVISE = 25;

    /** {@code send(2)}. Since Linux 5.6. */
    public static final int IORING_OP_SEND = 26;

    /** {@code recv(2)}. Since Linux 5.6. */
    public static final int IORING_OP_RECV = 27;

    /** {@code openat2(2)}. Since Linux 5.6. */
    public static final int IORING_OP_OPENAT2 = 28;

    /** {@code epoll_ctl(2)}. Since Linux 5.6. */
    public static final int IORING_OP_EPOLL_CTL = 29;

    /** {@code splice(2)}. Since Linux 5.7. */
    public static final int IORING_OP_SPLICE = 30;

    /** Gives buffers to a group (the older way). Since Linux 5.7. */
    public static final int IORING_OP_PROVIDE_BUFFERS = 31;

    /** Takes buffers out of a group (the older way). Since Linux 5.7. */
    public static final int IORING_OP_REMOVE_BUFFERS = 32;

    /** {@code tee(2)}. Since Linux 5.8. */
    public static final int IORING_OP_TEE = 33;

    /** {@code shutdown(2)}. Since Linux 5.11. */
    public static final int IORING_OP_SHUTDOWN = 34;

    /** {@code renameat2(2)}. Since Linux 5.11. */
    public static final int IORING_OP_RENAMEAT = 35;

    /** {@code unlinkat(2)}. Since Linux 5.11. */
    public static final int IORING_OP_UNLINKAT = 36;

    /** {@code mkdirat(2)}. Since Linux 5.15. */
    public static final int IORING_OP_MKDIRAT = 37;

    /** {@code symlinkat(2)}. Since Linux 5.15. */
    public static final int IORING_OP_SYMLINKAT = 38;

    /** {@code linkat(2)}. Since Linux 5.15. */
    public static final int IORING_OP_LINKAT = 39;

    /** Posts a completion to another ring. Since Linux 5.18. */
    public static final int IORING_OP_MSG_RING = 40;

    /** {@code fsetxattr(2)}. Since Linux 5.19. */
    public static final int IORING_OP_FSETXATTR = 41;

    /** {@code setxattr(2)}. Since Linux 5.19. */
    public static final int IORING_OP_SETXATTR = 42;

    /** {@code fgetxattr(2)}. Since Linux 5.19. */
    public static final int IORING_OP_FGETXATTR = 43;

    /** {@code getxattr(2)}. Since Linux 5.19. */
    public static final int IORING_OP_GETXATTR = 44;

    /** {@code socket(2)}. Since Linux 5.19. */
    public static final int IORING_OP_SOCKET = 45;

    /** A command of the file's own. Since Linux 5.19. */
    public static final int IORING_OP_URING_CMD = 46;

    /** Sends without copying; two completions. Since Linux 6.0. */
    public static final int IORING_OP_SEND_ZC = 47;

    /** {@code sendmsg(2)} without copying; two completions. Since Linux 6.1. */
    public static final int IORING_OP_SENDMSG_ZC = 48;

    /** Reads again and again into provided buffers. Since Linux 6.7. */
    public static final int IORING_OP_READ_MULTISHOT = 49;

    /** {@code waitid(2)}. Since Linux 6.7. */
    public static final int IORING_OP_WAITID = 50;

    /** Waits on a futex. Since Linux 6.7. */
    public static final int IORING_OP_FUTEX_WAIT = 51;

    /** Wakes waiters of a futex. Since Linux 6.7. */
    public static final int IORING_OP_FUTEX_WAKE = 52;

    /** Waits on several futexes. Since Linux 6.7. */
    public static final int IORING_OP_FUTEX_WAITV = 53;

    /** Makes a file descriptor of a registered file. Since Linux 6.8. */
    public static final int IORING_OP_FIXED_FD_INSTALL = 54;

    /** {@code ftruncate(2)}. Since Linux 6.9. */
    public static final int IORING_OP_FTRUNCATE = 55;

    /** {@code bind(2)}. Since Linux 6.11. */
    public static final int IORING_OP_BIND = 56;

    /** {@code listen(2)}. Since Linux 6.11. */
    public static final int IORING_OP_LISTEN = 57;

    /** Receives without copying, where the network card can. Since Linux 6.15. */
    public static final int IORING_OP_RECV_ZC = 58;

    /** {@code epoll_wait(2)}. Since Linux 6.15. */
    public static final int IORING_OP_EPOLL_WAIT = 59;

    /** {@code preadv2(2)} into a registered buffer. Since Linux 6.15. */
    public static final int IORING_OP_READV_FIXED = 60;

    /** {@code pwritev2(2)} from a registered buffer. Since Linux 6.15. */
    public static final int IORING_OP_WRITEV_FIXED = 61;

    /** {@code pipe2(2)}. Since Linux 6.16. */
    public static final int IORING_OP_PIPE = 62;

    /** Does nothing, as an entry of 128 bytes. Since Linux 6.19. */
    public static final int IORING_OP_NOP128 = 63;

    /** A command of the file's own, as an entry of 128 bytes. Since Linux 6.19. */
    public static final int IORING_OP_URING_CMD128 = 64;

    // Entry flags: sqe->flags

    /** {@code fd} is an index into the table of registered files. */
    public static final int IOSQE_FIXED_FILE = 1 << 0;

    /** Starts only when all earlier requests have completed, and holds back the later ones. */
    public static final int IOSQE_IO_DRAIN = 1 << 1;

    /** The next entry starts when this one has succeeded; a failure or a short transfer cancels the rest of the chain. */
    public static final int IOSQE_IO_LINK = 1 << 2;

    /** Like {@link #IOSQE_IO_LINK}, but the chain goes on after a failure. Since Linux 5.5. */
    public static final int IOSQE_IO_HARDLINK = 1 << 3;

    /** Goes to a kernel worker thread at once. Since Linux 5.6. */
    public static final int IOSQE_ASYNC = 1 << 4;

    /** The kernel takes a buffer from the group {@code buf_group}. Since Linux 5.7. */
    public static final int IOSQE_BUFFER_SELECT = 1 << 5;

    /** No completion is posted for a success. Since Linux 5.17. */
    public static final int IOSQE_CQE_SKIP_SUCCESS = 1 << 6;

    /** As a file index: the kernel picks a free slot of the table. Since Linux 5.19. */
    public static final int IORING_FILE_INDEX_ALLOC = ~0;

    /** The read or write carries protection information. Since Linux 6.13. */
    public static final int IORING_RW_ATTR_FLAG_PI = 1 << 0;

    // Set-up flags: io_uring_setup(2)

    /** Completions are polled from the device instead of signalled by interrupt. */
    public static final int IORING_SETUP_IOPOLL = 1 << 0;

    /** A kernel thread takes entries from the queue, so that submitting needs no system call while it is awake. */
    public static final int IORING_SETUP_SQPOLL = 1 << 1;

    /** That thread runs on the processor {@code sq_thread_cpu}. */
    public static final int IORING_SETUP_SQ_AFF = 1 << 2;

    /** The completion queue has the asked size. Since Linux 5.5. */
    public static final int IORING_SETUP_CQSIZE = 1 << 3;

    /** Queue sizes above the maximum are cut to it instead of refused. Since Linux 5.6. */
    public static final int IORING_SETUP_CLAMP = 1 << 4;

    /** Shares the worker threads of the ring {@code wq_fd}. Since Linux 5.6. */
    public static final int IORING_SETUP_ATTACH_WQ = 1 << 5;

    /** The ring starts disabled, until {@link Uring#enableRings()}. Since Linux 5.10. */
    public static final int IORING_SETUP_R_DISABLED = 1 << 6;

    /** A faulty entry does not end the submission of a batch. Since Linux 5.18. */
    public static final int IORING_SETUP_SUBMIT_ALL = 1 << 7;

    /** Completing work does not interrupt the thread; it runs at the next transition to the kernel. Since Linux 5.19. */
    public static final int IORING_SETUP_COOP_TASKRUN = 1 << 8;

    /** {@link #IORING_SQ_TASKRUN} tells that such work waits. Since Linux 5.19. */
    public static final int IORING_SETUP_TASKRUN_FLAG = 1 << 9;

    /** Submission entries have 128 bytes. Since Linux 5.19. */
    public static final int IORING_SETUP_SQE128 = 1 << 10;

    /** Completion entries have 32 bytes. Since Linux 5.19. */
    public static final int IORING_SETUP_CQE32 = 1 << 11;

    /** One thread only submits. Since Linux 6.0. */
    public static final int IORING_SETUP_SINGLE_ISSUER = 1 << 12;

    /** Completing work runs only when the owner asks for events. Since Linux 6.1. */
    public static final int IORING_SETUP_DEFER_TASKRUN = 1 << 13;

    /** The application provides the memory of the rings. Since Linux 6.5. */
    public static final int IORING_SETUP_NO_MMAP = 1 << 14;

    /** The ring has a registered index instead of a file descriptor. Since Linux 6.5. */
    public static final int IORING_SETUP_REGISTERED_FD_ONLY = 1 << 15;

    /** Without the index array between queue and entries. Since Linux 6.6. */
    public static final int IORING_SETUP_NO_SQARRAY = 1 << 16;

    /** {@link #IORING_SETUP_IOPOLL} that sleeps before it polls. Since Linux 6.13. */
    public static final int IORING_SETUP_HYBRID_IOPOLL = 1 << 17;

    /** Completion entries of 16 and of 32 bytes in one queue. Since Linux 6.18. */
    public static final int IORING_SETUP_CQE_MIXED = 1 << 18;

    /** Submission entries of 64 and of 128 bytes in one queue. Since Linux 6.19. */
    public static final int IORING_SETUP_SQE_MIXED = 1 << 19;

    /** Every submission starts at the first entry of the queue. Since Linux 7.0. */
    public static final int IORING_SETUP_SQ_REWIND = 1 << 20;

    // Features: io_uring_params->features

    /** Both rings lie in one mapping. Since Linux 5.4. */
    public static final int IORING_FEAT_SINGLE_MMAP = 1 << 0;

    /** Completions that find the queue full are kept. Since Linux 5.5. */
    public static final int IORING_FEAT_NODROP = 1 << 1;

    /** What an entry points to for the kernel's planning may go after the submission. Since Linux 5.5. */
    public static final int IORING_FEAT_SUBMIT_STABLE = 1 << 2;

    /** Offset -1 means the file's own position. Since Linux 5.6. */
    public static final int IORING_FEAT_RW_CUR_POS = 1 << 3;

    /** Requests run with the credentials of the submitter. Since Linux 5.6. */
    public static final int IORING_FEAT_CUR_PERSONALITY = 1 << 4;

    /** Requests that would block wait by an internal poll, without a thread. Since Linux 5.7. */
    public static final int IORING_FEAT_FAST_POLL = 1 << 5;

    /** Poll masks have 32 bits. Since Linux 5.9. */
    public static final int IORING_FEAT_POLL_32BITS = 1 << 6;

    /** With SQPOLL, files need not be registered. Since Linux 5.11. */
    public static final int IORING_FEAT_SQPOLL_NONFIXED = 1 << 7;

    /** Waits take a timeout by argument. Since Linux 5.11. */
    public static final int IORING_FEAT_EXT_ARG = 1 << 8;

    /** Worker threads belong to the process. Since Linux 5.12. */
    public static final int IORING_FEAT_NATIVE_WORKERS = 1 << 9;

    /** Registered resources may carry tags. Since Linux 5.13. */
    public static final int IORING_FEAT_RSRC_TAGS = 1 << 10;

    /** {@link #IOSQE_CQE_SKIP_SUCCESS} is there. Since Linux 5.17. */
    public static final int IORING_FEAT_CQE_SKIP = 1 << 11;

    /** A linked entry may use the file that an entry before it opens. Since Linux 5.17. */
    public static final int IORING_FEAT_LINKED_FILE = 1 << 12;

    /** Register calls take a registered ring. Since Linux 6.3. */
    public static final int IORING_FEAT_REG_REG_RING = 1 << 13;

    /** {@link #IORING_RECVSEND_BUNDLE} is there. Since Linux 6.10. */
    public static final int IORING_FEAT_RECVSEND_BUNDLE = 1 << 14;

    /** Waits take a minimum time. Since Linux 6.12. */
    public static final int IORING_FEAT_MIN_TIMEOUT = 1 << 15;

    /** Reads and writes take attributes. Since Linux 6.13. */
    public static final int IORING_FEAT_RW_ATTR = 1 << 16;

    /** {@link #IORING_ENTER_NO_IOWAIT} is there. Since Linux 6.15. */
    public static final int IORING_FEAT_NO_IOWAIT = 1 << 17;

    // Enter flags: io_uring_enter(2)

    /** Waits for completions, and runs what is pending. */
    public static final int IORING_ENTER_GETEVENTS = 1 << 0;

    /** Wakes the SQPOLL thread. */
    public static final int IORING_ENTER_SQ_WAKEUP = 1 << 1;

    /** Waits for room in the submission queue (SQPOLL). Since Linux 5.10. */
    public static final int IORING_ENTER_SQ_WAIT = 1 << 2;

    /** The argument is a {@code struct io_uring_getevents_arg}. Since Linux 5.11. */
    public static final int IORING_ENTER_EXT_ARG = 1 << 3;

    /** The file descriptor is a registered ring's index. Since Linux 5.18. */
    public static final int IORING_ENTER_REGISTERED_RING = 1 << 4;

    /** The timeout is absolute. Since Linux 6.12. */
    public static final int IORING_ENTER_ABS_TIMER = 1 << 5;

    /** The argument is an index into a registered wait region. Since Linux 6.13. */
    public static final int IORING_ENTER_EXT_ARG_REG = 1 << 6;

    /** The wait does not count as waiting for I/O. Since Linux 6.15. */
    public static final int IORING_ENTER_NO_IOWAIT = 1 << 7;

    // Ring flags and offsets for mmap(2)

    /** The SQPOLL thread sleeps and must be woken. */
    public static final int IORING_SQ_NEED_WAKEUP = 1 << 0;

    /** Completions wait outside the full completion queue. Since Linux 5.8. */
    public static final int IORING_SQ_CQ_OVERFLOW = 1 << 1;

    /** Completing work waits for the thread to enter the kernel. Since Linux 5.19. */
    public static final int IORING_SQ_TASKRUN = 1 << 2;

    /** No notification by eventfd. Since Linux 5.8. */
    public static final int IORING_CQ_EVENTFD_DISABLED = 1 << 0;

    /** Offset of the submission ring. */
    public static final long IORING_OFF_SQ_RING = 0L;

    /** Offset of the completion ring. */
    public static final long IORING_OFF_CQ_RING = 0x8000000L;

    /** Offset of the submission entries. */
    public static final long IORING_OFF_SQES = 0x10000000L;

    /** Offset of a kernel-provided buffer ring. Since Linux 6.4. */
    public static final long IORING_OFF_PBUF_RING = 0x80000000L;

    /** Where the group id stands in that offset. Since Linux 6.4. */
    public static final int IORING_OFF_PBUF_SHIFT = 16;

    /** Which part of an offset names the region. */
    public static final long IORING_OFF_MMAP_MASK = 0xf8000000L;

    // Completion flags: cqe->flags

    /** The upper 16 bits are the id of the buffer used. Since Linux 5.7. */
    public static final int IORING_CQE_F_BUFFER = 1 << 0;

    /** The request stays armed: more completions follow. Since Linux 5.13. */
    public static final int IORING_CQE_F_MORE = 1 << 1;

    /** More data waits in the socket. Since Linux 5.19. */
    public static final int IORING_CQE_F_SOCK_NONEMPTY = 1 << 2;

    /** A notification: the kernel has let go of a zero-copy buffer. Since Linux 6.0. */
    public static final int IORING_CQE_F_NOTIF = 1 << 3;

    /** The buffer will get more completions (incremental consumption). Since Linux 6.12. */
    public static final int IORING_CQE_F_BUF_MORE = 1 << 4;

    /** Fills a gap before the end of the ring: to be ignored. Since Linux 6.18. */
    public static final int IORING_CQE_F_SKIP = 1 << 5;

    /** This completion has 32 bytes, in a queue of mixed sizes. Since Linux 6.18. */
    public static final int IORING_CQE_F_32 = 1 << 15;

    /** Where the buffer id stands in the flags. */
    public static final int IORING_CQE_BUFFER_SHIFT = 16;

    /** The time stamp was taken by the hardware. Since Linux 6.17. */
    public static final int IORING_CQE_F_TSTAMP_HW = 1 << 16;

    /** Bit of {@link #IORING_CQE_F_TSTAMP_HW}. Since Linux 6.17. */
    public static final int IORING_TIMESTAMP_HW_SHIFT = 16;

    /** Where the type of a time stamp stands in the flags. Since Linux 6.17. */
    public static final int IORING_TIMESTAMP_TYPE_SHIFT = 17;

    /** User data that liburing, and this ring on kernels before 5.11, keep for timeouts of their own. */
    public static final long LIBURING_UDATA_TIMEOUT = -1L;

    // Flags of single operations

    /** {@code fdatasync(2)} instead of {@code fsync(2)}. */
    public static final int IORING_FSYNC_DATASYNC = 1 << 0;

    /** The time is absolute. Since Linux 5.5. */
    public static final int IORING_TIMEOUT_ABS = 1 << 0;

    /** Updates a timeout instead of removing it. Since Linux 5.11. */
    public static final int IORING_TIMEOUT_UPDATE = 1 << 1;

    /** By {@code CLOCK_BOOTTIME}. Since Linux 5.15. */
    public static final int IORING_TIMEOUT_BOOTTIME = 1 << 2;

    /** By {@code CLOCK_REALTIME}. Since Linux 5.15. */
    public static final int IORING_TIMEOUT_REALTIME = 1 << 3;

    /** Updates a link timeout. Since Linux 5.15. */
    public static final int IORING_LINK_TIMEOUT_UPDATE = 1 << 4;

    /** An expiry counts as success, so that a chain goes on. Since Linux 5.16. */
    public static final int IORING_TIMEOUT_ETIME_SUCCESS = 1 << 5;

    /** Fires again and again. Since Linux 6.4. */
    public static final int IORING_TIMEOUT_MULTISHOT = 1 << 6;

    /** The entry holds the time in nanoseconds instead of its address. Since Linux 7.1. */
    public static final int IORING_TIMEOUT_IMMEDIATE_ARG = 1 << 7;

    /** All clock flags. */
    public static final int IORING_TIMEOUT_CLOCK_MASK = IORING_TIMEOUT_BOOTTIME | IORING_TIMEOUT_REALTIME;

    /** All update flags. */
    public static final int IORING_TIMEOUT_UPDATE_MASK = IORING_TIMEOUT_UPDATE | IORING_LINK_TIMEOUT_UPDATE;

    /** The input of a splice is a registered file. Since Linux 5.7. */
    public static final int SPLICE_F_FD_IN_FIXED = 1 << 31;

    /** Moves pages instead of copying them: a hint that the kernel ignores. */
    public static final int SPLICE_F_MOVE = 1;

    /** Does not wait for the pipe. */
    public static final int SPLICE_F_NONBLOCK = 2;

    /** More data follows. */
    public static final int SPLICE_F_MORE = 4;

    /** The pages are given away: for {@code vmsplice(2)} only. */
    public static final int SPLICE_F_GIFT = 8;

    /** The poll stays armed. Since Linux 5.13. */
    public static final int IORING_POLL_ADD_MULTI = 1 << 0;

    /** Updates the events of a poll. Since Linux 5.13. */
    public static final int IORING_POLL_UPDATE_EVENTS = 1 << 1;

    /** Updates the user data of a poll. Since Linux 5.13. */
    public static final int IORING_POLL_UPDATE_USER_DATA = 1 << 2;

    /** Level-triggered poll. Since Linux 6.0 by name; kernels up to 7.2 refuse it with -EINVAL. */
    public static final int IORING_POLL_ADD_LEVEL = 1 << 3;

    /** Cancels every request that matches, not only the first. Since Linux 5.19. */
    public static final int IORING_ASYNC_CANCEL_ALL = 1 << 0;

    /** Matches by file descriptor. Since Linux 5.19. */
    public static final int IORING_ASYNC_CANCEL_FD = 1 << 1;

    /** Matches any request. Since Linux 5.19. */
    public static final int IORING_ASYNC_CANCEL_ANY = 1 << 2;

    /** The file descriptor is a registered file's index. Since Linux 6.0. */
    public static final int IORING_ASYNC_CANCEL_FD_FIXED = 1 << 3;

    /** Matches by user data (also the default). Since Linux 6.6. */
    public static final int IORING_ASYNC_CANCEL_USERDATA = 1 << 4;

    /** Matches by opcode. Since Linux 6.6. */
    public static final int IORING_ASYNC_CANCEL_OP = 1 << 5;

    /** Waits for readiness before the first attempt. Since Linux 5.19. */
    public static final int IORING_RECVSEND_POLL_FIRST = 1 << 0;

    /** The receive stays armed. Since Linux 6.0. */
    public static final int IORING_RECV_MULTISHOT = 1 << 1;

    /** Uses a registered buffer. Since Linux 6.0. */
    public static final int IORING_RECVSEND_FIXED_BUF = 1 << 2;

    /** The notification tells whether data was copied. Since Linux 6.2. */
    public static final int IORING_SEND_ZC_REPORT_USAGE = 1 << 3;

    /** Uses as many provided buffers as there is data for. Since Linux 6.10. */
    public static final int IORING_RECVSEND_BUNDLE = 1 << 4;

    /** The address is that of an array of iovecs. Since Linux 6.17. */
    public static final int IORING_SEND_VECTORIZED = 1 << 5;

    /** Result of a notification: data was copied. Since Linux 6.2. */
    public static final int IORING_NOTIF_USAGE_ZC_COPIED = 1 << 31;

    /** The accept stays armed. Since Linux 5.19. */
    public static final int IORING_ACCEPT_MULTISHOT = 1 << 0;

    /** Fails with EAGAIN instead of waiting. Since Linux 6.10. */
    public static final int IORING_ACCEPT_DONTWAIT = 1 << 1;

    /** Waits for readiness before the first attempt. Since Linux 6.10. */
    public static final int IORING_ACCEPT_POLL_FIRST = 1 << 2;

    /** Message kind: result and user data. Since Linux 5.18. */
    public static final int IORING_MSG_DATA = 0;

    /** Message kind: a registered file. Since Linux 6.0. */
    public static final int IORING_MSG_SEND_FD = 1;

    /** No completion in the target ring. Since Linux 6.0. */
    public static final int IORING_MSG_RING_CQE_SKIP = 1 << 0;

    /** The flags of the target's completion are given. Since Linux 6.3. */
    public static final int IORING_MSG_RING_FLAGS_PASS = 1 << 1;

    /** The installed file descriptor is not close-on-exec. Since Linux 6.8. */
    public static final int IORING_FIXED_FD_NO_CLOEXEC = 1 << 0;

    /** The no-op completes with {@code sqe->len}. Since Linux 6.10. */
    public static final int IORING_NOP_INJECT_RESULT = 1 << 0;

    /** The no-op takes a file. Since Linux 6.13. */
    public static final int IORING_NOP_FILE = 1 << 1;

    /** The no-op takes a registered file. Since Linux 6.13. */
    public static final int IORING_NOP_FIXED_FILE = 1 << 2;

    /** The no-op takes a registered buffer. Since Linux 6.13. */
    public static final int IORING_NOP_FIXED_BUFFER = 1 << 3;

    /** The no-op completes by task work. Since Linux 6.16. */
    public static final int IORING_NOP_TW = 1 << 4;

    /** The no-op posts a completion of 32 bytes. Since Linux 6.18. */
    public static final int IORING_NOP_CQE32 = 1 << 5;

    /** The command uses a registered buffer. Since Linux 6.1. */
    public static final int IORING_URING_CMD_FIXED = 1 << 0;

    /** The command stays armed. Since Linux 6.18. */
    public static final int IORING_URING_CMD_MULTISHOT = 1 << 1;

    /** All flags of commands. */
    public static final int IORING_URING_CMD_MASK = IORING_URING_CMD_FIXED | IORING_URING_CMD_MULTISHOT;

    /** Command of a socket: bytes to read. Since Linux 6.7. */
    public static final int SOCKET_URING_OP_SIOCINQ = 0;

    /** Command of a socket: bytes not yet sent. Since Linux 6.7. */
    public static final int SOCKET_URING_OP_SIOCOUTQ = 1;

    /** Command of a socket: {@code getsockopt(2)}. Since Linux 6.7. */
    public static final int SOCKET_URING_OP_GETSOCKOPT = 2;

    /** Command of a socket: {@code setsockopt(2)}. Since Linux 6.7. */
    public static final int SOCKET_URING_OP_SETSOCKOPT = 3;

    /** Command of a socket: time stamps of what was sent. Since Linux 6.17. */
    public static final int SOCKET_URING_OP_TX_TIMESTAMP = 4;

    /** Command of a socket: {@code getsockname(2)}. Since Linux 6.19. */
    public static final int SOCKET_URING_OP_GETSOCKNAME = 5;

    // Register opcodes: io_uring_register(2)

    /** Registers buffers. */
    public static final int IORING_REGISTER_BUFFERS = 0;

    /** Unregisters all buffers. */
    public static final int IORING_UNREGISTER_BUFFERS = 1;

    /** Registers files. */
    public static final int IORING_REGISTER_FILES = 2;

    /** Unregisters all files. */
    public static final int IORING_UNREGISTER_FILES = 3;

    /** Notifies an eventfd of completions. */
    public static final int IORING_REGISTER_EVENTFD = 4;

    /** Ends that. */
    public static final int IORING_UNREGISTER_EVENTFD = 5;

    /** Updates registered files. */
    public static final int IORING_REGISTER_FILES_UPDATE = 6;

    /** Notifies an eventfd of completions that came later than their submission. */
    public static final int IORING_REGISTER_EVENTFD_ASYNC = 7;

    /** Asks which opcodes there are. */
    public static final int IORING_REGISTER_PROBE = 8;

    /** Registers the credentials of the thread. */
    public static final int IORING_REGISTER_PERSONALITY = 9;

    /** Unregisters credentials. */
    public static final int IORING_UNREGISTER_PERSONALITY = 10;

    /** Restricts what the ring may do. */
    public static final int IORING_REGISTER_RESTRICTIONS = 11;

    /** Enables a ring that started disabled. */
    public static final int IORING_REGISTER_ENABLE_RINGS = 12;

    /** Registers files, with tags. */
    public static final int IORING_REGISTER_FILES2 = 13;

    /** Updates registered files, with tags. */
    public static final int IORING_REGISTER_FILES_UPDATE2 = 14;

    /** Registers buffers, with tags. */
    public static final int IORING_REGISTER_BUFFERS2 = 15;

    /** Updates registered buffers, with tags. */
    public static final int IORING_REGISTER_BUFFERS_UPDATE = 16;

    /** Binds worker threads to processors. */
    public static final int IORING_REGISTER_IOWQ_AFF = 17;

    /** Ends that. */
    public static final int IORING_UNREGISTER_IOWQ_AFF = 18;

    /** Bounds the number of worker threads. */
    public static final int IORING_REGISTER_IOWQ_MAX_WORKERS = 19;

    /** Registers rings with the thread. */
    public static final int IORING_REGISTER_RING_FDS = 20;

    /** Unregisters them. */
    public static final int IORING_UNREGISTER_RING_FDS = 21;

    /** Registers a buffer ring. */
    public static final int IORING_REGISTER_PBUF_RING = 22;

    /** Unregisters it. */
    public static final int IORING_UNREGISTER_PBUF_RING = 23;

    /** Cancels requests and waits for it. */
    public static final int IORING_REGISTER_SYNC_CANCEL = 24;

    /** Bounds the slots that the kernel picks from. */
    public static final int IORING_REGISTER_FILE_ALLOC_RANGE = 25;

    /** Asks for the head of a buffer ring. */
    public static final int IORING_REGISTER_PBUF_STATUS = 26;

    /** Busy-polls the network device. */
    public static final int IORING_REGISTER_NAPI = 27;

    /** Ends that. */
    public static final int IORING_UNREGISTER_NAPI = 28;

    /** Chooses the clock of waits. */
    public static final int IORING_REGISTER_CLOCK = 29;

    /** Takes over the buffers of another ring. */
    public static final int IORING_REGISTER_CLONE_BUFFERS = 30;

    /** Posts a completion to a ring without having one. */
    public static final int IORING_REGISTER_SEND_MSG_RING = 31;

    /** Registers a queue of the network card for zero-copy receive. */
    public static final int IORING_REGISTER_ZCRX_IFQ = 32;

    /** Resizes the rings. */
    public static final int IORING_REGISTER_RESIZE_RINGS = 33;

    /** Registers a region for waits. */
    public static final int IORING_REGISTER_MEM_REGION = 34;

    /** Asks about the kernel's io_uring. */
    public static final int IORING_REGISTER_QUERY = 35;

    /** Controls zero-copy receive. */
    public static final int IORING_REGISTER_ZCRX_CTRL = 36;

    /** Registers a filter program. */
    public static final int IORING_REGISTER_BPF_FILTER = 37;

    /** Added to an opcode: the file descriptor is a registered ring's index. Since Linux 6.3. */
    public static final int IORING_REGISTER_USE_REGISTERED_RING = 1 << 31;

    /** As a file descriptor in an update: leave this slot. Since Linux 5.12. */
    public static final int IORING_REGISTER_FILES_SKIP = -2;

    /** Registers an empty table. Since Linux 5.19. */
    public static final int IORING_RSRC_REGISTER_SPARSE = 1 << 0;

    /** In a probe: the opcode is there. */
    public static final int IO_URING_OP_SUPPORTED = 1 << 0;

    /** Workers for requests of bounded time. */
    public static final int IO_WQ_BOUND = 0;

    /** Workers for requests of unbounded time. */
    public static final int IO_WQ_UNBOUND = 1;

    /** Allows a register opcode. */
    public static final int IORING_RESTRICTION_REGISTER_OP = 0;

    /** Allows an opcode. */
    public static final int IORING_RESTRICTION_SQE_OP = 1;

    /** Allows entry flags. */
    public static final int IORING_RESTRICTION_SQE_FLAGS_ALLOWED = 2;

    /** Requires entry flags. */
    public static final int IORING_RESTRICTION_SQE_FLAGS_REQUIRED = 3;

    /** The kernel allocates the buffer ring. Since Linux 6.4. */
    public static final int IOU_PBUF_RING_MMAP = 1;

    /** Buffers are consumed bit by bit. Since Linux 6.12. */
    public static final int IOU_PBUF_RING_INC = 2;

    /** The region is the application's memory. Since Linux 6.13. */
    public static final int IORING_MEM_REGION_TYPE_USER = 1;

    /** The region holds arguments of waits. Since Linux 6.13. */
    public static final int IORING_MEM_REGION_REG_WAIT_ARG = 1;

    /** The argument of a wait holds a timeout. Since Linux 6.13. */
    public static final int IORING_REG_WAIT_TS = 1 << 0;

    /** The source of a clone is a registered ring. Since Linux 6.12. */
    public static final int IORING_REGISTER_SRC_REGISTERED = 1 << 0;

    /** A clone replaces buffers that are there. Since Linux 6.13. */
    public static final int IORING_REGISTER_DST_REPLACE = 1 << 1;

    /** Registers or unregisters busy polling. Since Linux 6.9. */
    public static final int IO_URING_NAPI_REGISTER_OP = 0;

    /** Adds an id to the list. Since Linux 6.13. */
    public static final int IO_URING_NAPI_STATIC_ADD_ID = 1;

    /** Takes an id off the list. Since Linux 6.13. */
    public static final int IO_URING_NAPI_STATIC_DEL_ID = 2;

    /** The kernel keeps the list. Since Linux 6.13. */
    public static final int IO_URING_NAPI_TRACKING_DYNAMIC = 0;

    /** The application keeps the list. Since Linux 6.13. */
    public static final int IO_URING_NAPI_TRACKING_STATIC = 1;

    /** No list. Since Linux 6.13. */
    public static final int IO_URING_NAPI_TRACKING_INACTIVE = 255;

    /** Question: which opcodes and flags there are. Since Linux 6.18. */
    public static final int IO_URING_QUERY_OPCODES = 0;

    /** Question: what zero-copy receive can do. Since Linux 6.19. */
    public static final int IO_URING_QUERY_ZCRX = 1;

    /** Question: how the rings are laid out. Since Linux 6.19. */
    public static final int IO_URING_QUERY_SCQ = 2;

    /** Question: which events of zero-copy receive there are. Since Linux 7.2. */
    public static final int IO_URING_QUERY_ZCRX_EVENT = 3;

    /** Registers a filter. Since Linux 7.0. */
    public static final int IO_URING_BPF_CMD_FILTER = 1;

    /** All operations without a filter are refused. Since Linux 7.0. */
    public static final int IO_URING_BPF_FILTER_DENY_REST = 1;

    /** Kernel and filter must agree on the size of an operation's data. Since Linux 7.1. */
    public static final int IO_URING_BPF_FILTER_SZ_STRICT = 2;

    /** The queue is another ring's, exported. Since Linux 6.19. */
    public static final int ZCRX_REG_IMPORT = 1;

    /** A queue without a network card: everything is copied. Since Linux 7.1. */
    public static final int ZCRX_REG_NODEV = 2;

    /** The memory is a DMA buffer. Since Linux 6.16. */
    public static final int IORING_ZCRX_AREA_DMABUF = 1;

    /** Takes back the buffers of the refill ring. Since Linux 6.19. */
    public static final int ZCRX_CTRL_FLUSH_RQ = 0;

    /** Exports the queue to another ring. Since Linux 6.19. */
    public static final int ZCRX_CTRL_EXPORT = 1;

    /** Tells about events again. Since Linux 7.2. */
    public static final int ZCRX_CTRL_ARM_EVENT = 2;

    /** The size of the buffers can be chosen. Since Linux 7.0. */
    public static final int ZCRX_FEATURE_RX_PAGE_SIZE = 1 << 0;

    /** There are events. Since Linux 7.2. */
    public static final int ZCRX_FEATURE_EVENT = 1 << 1;

    /** Event: no memory for what arrived. Since Linux 7.2. */
    public static final int ZCRX_EVENT_ALLOC_FAIL = 0;

    /** Event: something was copied. Since Linux 7.2. */
    public static final int ZCRX_EVENT_COPY = 1;

    /** The time of day. */
    public static final int CLOCK_REALTIME = 0;

    /** The time since the machine started, without sleep. */
    public static final int CLOCK_MONOTONIC = 1;

    /** The time since the machine started, with sleep. */
    public static final int CLOCK_BOOTTIME = 7;

    // Opening and paths: openat(2)

    /** Relative paths start at the working directory. */
    public static final int AT_FDCWD = -100;

    /** Does not follow a symbolic link. */
    public static final int AT_SYMLINK_NOFOLLOW = 0x100;

    /** Removes a directory. */
    public static final int AT_REMOVEDIR = 0x200;

    /** Follows a symbolic link. */
    public static final int AT_SYMLINK_FOLLOW = 0x400;

    /** An empty path means the descriptor itself. */
    public static final int AT_EMPTY_PATH = 0x1000;

    /** Does not mount what would be mounted on access. */
    public static final int AT_NO_AUTOMOUNT = 0x800;

    /** Mask of the three that follow. */
    public static final int AT_STATX_SYNC_TYPE = 0x6000;

    /** As {@code stat(2)} does. */
    public static final int AT_STATX_SYNC_AS_STAT = 0x0000;

    /** Asks the server for fresh attributes. */
    public static final int AT_STATX_FORCE_SYNC = 0x2000;

    /** Takes what is cached. */
    public static final int AT_STATX_DONT_SYNC = 0x4000;

    /** Reading. */
    public static final int O_RDONLY = 0;

    /** Writing. */
    public static final int O_WRONLY = 01;

    /** Reading and writing. */
    public static final int O_RDWR = 02;

    /** Creates the file. */
    public static final int O_CREAT = 0100;

    /** With {@link #O_CREAT}: the file must not exist. */
    public static final int O_EXCL = 0200;

    /** Does not become the controlling terminal. */
    public static final int O_NOCTTY = 0400;

    /** Cuts the file to length 0. */
    public static final int O_TRUNC = 01000;

    /** Writes at the end. */
    public static final int O_APPEND = 02000;

    /** Does not block. */
    public static final int O_NONBLOCK = 04000;

    /** Writes reach the disk. */
    public static final int O_DSYNC = 010000;

    /** Past the page cache; addresses, lengths and offsets must be aligned. */
    public static final int O_DIRECT = ARM ? 0200000 : 040000;

    /** Must be a directory. */
    public static final int O_DIRECTORY = ARM ? 040000 : 0200000;

    /** Must not be a symbolic link. */
    public static final int O_NOFOLLOW = ARM ? 0100000 : 0400000;

    /** A file without a name in this directory. */
    public static final int O_TMPFILE = 020000000 | O_DIRECTORY;

    /** Does not touch the access time. */
    public static final int O_NOATIME = 01000000;

    /** Closed on exec. */
    public static final int O_CLOEXEC = 02000000;

    /** Writes and metadata reach the disk. */
    public static final int O_SYNC = 04010000;

    /** Names a file without opening it. */
    public static final int O_PATH = 010000000;

    /** {@code openat2(2)}: does not cross into another mount. */
    public static final int RESOLVE_NO_XDEV = 0x01;

    /** {@code openat2(2)}: does not follow the links of {@code /proc} that are no paths. */
    public static final int RESOLVE_NO_MAGICLINKS = 0x02;

    /** {@code openat2(2)}: follows no symbolic link. */
    public static final int RESOLVE_NO_SYMLINKS = 0x04;

    /** {@code openat2(2)}: does not leave the directory that the path starts from. */
    public static final int RESOLVE_BENEATH = 0x08;

    /** {@code openat2(2)}: takes the directory that the path starts from for the root. */
    public static final int RESOLVE_IN_ROOT = 0x10;

    /** {@code openat2(2)}: fails with -EAGAIN instead of reading the path from the disk. Since Linux 5.12. */
    public static final int RESOLVE_CACHED = 0x20;

    /** {@code renameat2(2)}: the new path must not exist. */
    public static final int RENAME_NOREPLACE = 1 << 0;

    /** {@code renameat2(2)}: the two swap their places. */
    public static final int RENAME_EXCHANGE = 1 << 1;

    /** {@code renameat2(2)}: leaves a whiteout, for overlay file systems. */
    public static final int RENAME_WHITEOUT = 1 << 2;

    /** {@code setxattr(2)}: the attribute must not exist. */
    public static final int XATTR_CREATE = 1;

    /** {@code setxattr(2)}: the attribute must exist. */
    public static final int XATTR_REPLACE = 2;

    // Sockets

    /** Local sockets. */
    public static final int AF_UNIX = 1;

    /** IPv4. */
    public static final int AF_INET = 2;

    /** IPv6. */
    public static final int AF_INET6 = 10;

    /** A stream of bytes. */
    public static final int SOCK_STREAM = 1;

    /** Datagrams. */
    public static final int SOCK_DGRAM = 2;

    /** A stream of packets. */
    public static final int SOCK_SEQPACKET = 5;

    /** Does not block. */
    public static final int SOCK_NONBLOCK = 04000;

    /** Closed on exec. */
    public static final int SOCK_CLOEXEC = 02000000;

    /** Options of IPv4. */
    public static final int IPPROTO_IP = 0;

    /** TCP. */
    public static final int IPPROTO_TCP = 6;

    /** UDP. */
    public static final int IPPROTO_UDP = 17;

    /** Options of IPv6. */
    public static final int IPPROTO_IPV6 = 41;

    /** An IPv6 socket does not take IPv4. */
    public static final int IPV6_V6ONLY = 26;

    /** Options of any socket. */
    public static final int SOL_SOCKET = 1;

    /** The address may be in use by old connections. */
    public static final int SO_REUSEADDR = 2;

    /** The type of the socket. */
    public static final int SO_TYPE = 3;

    /** The pending error. */
    public static final int SO_ERROR = 4;

    /** Broadcasts may be sent. */
    public static final int SO_BROADCAST = 6;

    /** Size of the send buffer. */
    public static final int SO_SNDBUF = 7;

    /** Size of the receive buffer. */
    public static final int SO_RCVBUF = 8;

    /** Probes an idle connection. */
    public static final int SO_KEEPALIVE = 9;

    /** What close does with unsent data. */
    public static final int SO_LINGER = 13;

    /** Several sockets share a port. */
    public static final int SO_REUSEPORT = 15;

    /** Sends small segments at once. */
    public static final int TCP_NODELAY = 1;

    /** Ends reading. */
    public static final int SHUT_RD = 0;

    /** Ends writing. */
    public static final int SHUT_WR = 1;

    /** Ends both. */
    public static final int SHUT_RDWR = 2;

    /** Urgent data. */
    public static final int MSG_OOB = 0x01;

    /** Leaves the data in the queue. */
    public static final int MSG_PEEK = 0x02;

    /** Control data was cut off. */
    public static final int MSG_CTRUNC = 0x08;

    /** The datagram was longer than the buffer. */
    public static final int MSG_TRUNC = 0x20;

    /** Does not block. */
    public static final int MSG_DONTWAIT = 0x40;

    /** End of a record. */
    public static final int MSG_EOR = 0x80;

    /** Waits for all of the bytes. */
    public static final int MSG_WAITALL = 0x100;

    /** Reads the error queue. */
    public static final int MSG_ERRQUEUE = 0x2000;

    /** No SIGPIPE. */
    public static final int MSG_NOSIGNAL = 0x4000;

    /** More data follows. */
    public static final int MSG_MORE = 0x8000;

    /** Without copying. */
    public static final int MSG_ZEROCOPY = 0x4000000;

    /** Received file descriptors are closed on exec. */
    public static final int MSG_CMSG_CLOEXEC = 0x40000000;

    // Sockets: options, control messages, packets

    /** No family: for {@code connect(2)}, no peer. */
    public static final int AF_UNSPEC = 0;

    /** Messages of the kernel. */
    public static final int AF_NETLINK = 16;

    /** Packets below IP. */
    public static final int AF_PACKET = 17;

    /** Virtual machines and their host. */
    public static final int AF_VSOCK = 40;

    /** Packets with their headers. */
    public static final int SOCK_RAW = 3;

    /** ICMP. */
    public static final int IPPROTO_ICMP = 1;

    /** Options of IPv4; the same as {@code IPPROTO_IP}. */
    public static final int SOL_IP = 0;

    /** Options of TCP; the same as {@code IPPROTO_TCP}. */
    public static final int SOL_TCP = 6;

    /** Options of UDP; the same as {@code IPPROTO_UDP}. */
    public static final int SOL_UDP = 17;

    /** Options of IPv6; the same as {@code IPPROTO_IPV6}. */
    public static final int SOL_IPV6 = 41;

    /** Options of packet sockets. */
    public static final int SOL_PACKET = 263;

    /** Only to hosts that are directly connected. */
    public static final int SO_DONTROUTE = 5;

    /** Urgent data comes among the other. */
    public static final int SO_OOBINLINE = 10;

    /** Priority of what is sent. */
    public static final int SO_PRIORITY = 12;

    /** {@code SCM_CREDENTIALS} comes with every message. */
    public static final int SO_PASSCRED = 16;

    /** Process, user and group of a local socket's peer. */
    public static final int SO_PEERCRED = 17;

    /** Bytes that make the socket ready to read. */
    public static final int SO_RCVLOWAT = 18;

    /** The longest time to wait for data. */
    public static final int SO_RCVTIMEO = 20;

    /** The longest time to wait for room. */
    public static final int SO_SNDTIMEO = 21;

    /** The interface to use, by name. */
    public static final int SO_BINDTODEVICE = 25;

    /** {@code SCM_TIMESTAMP} comes with every packet, in microseconds. */
    public static final int SO_TIMESTAMP = 29;

    /** Whether the socket listens. */
    public static final int SO_ACCEPTCONN = 30;

    /** Size of the send buffer, above the limit. */
    public static final int SO_SNDBUFFORCE = 32;

    /** Size of the receive buffer, above the limit. */
    public static final int SO_RCVBUFFORCE = 33;

    /** {@code SCM_TIMESTAMPNS} comes with every packet, in nanoseconds. */
    public static final int SO_TIMESTAMPNS = 35;

    /** A mark for routing and filters. */
    public static final int SO_MARK = 36;

    /** Time stamps of hardware and software: {@code SOF_TIMESTAMPING_} flags. */
    public static final int SO_TIMESTAMPING = 37;

    /** The protocol of the socket. */
    public static final int SO_PROTOCOL = 38;

    /** The family of the socket. */
    public static final int SO_DOMAIN = 39;

    /** How many packets were dropped comes with every packet. */
    public static final int SO_RXQ_OVFL = 40;

    /** Microseconds to poll the network card when there is no data. */
    public static final int SO_BUSY_POLL = 46;

    /** The processor that handles the socket's packets. */
    public static final int SO_INCOMING_CPU = 49;

    /** The queue of the network card that the last packet came from. */
    public static final int SO_INCOMING_NAPI_ID = 56;

    /** {@code MSG_ZEROCOPY} may be used. */
    public static final int SO_ZEROCOPY = 60;

    /** Busy polling goes before interrupts. */
    public static final int SO_PREFER_BUSY_POLL = 69;

    /** Packets for one round of busy polling. */
    public static final int SO_BUSY_POLL_BUDGET = 70;

    /** Control message: file descriptors. */
    public static final int SCM_RIGHTS = 1;

    /** Control message: process, user and group of the sender. */
    public static final int SCM_CREDENTIALS = 2;

    /** Control message: when the packet came, in microseconds. */
    public static final int SCM_TIMESTAMP = 29;

    /** Control message: when the packet came, a {@code Timespec}. */
    public static final int SCM_TIMESTAMPNS = 35;

    /** Control message: three time stamps, of which the first is of software and the third of hardware. */
    public static final int SCM_TIMESTAMPING = 37;

    /** Time stamps when the network card sends. */
    public static final int SOF_TIMESTAMPING_TX_HARDWARE = 1 << 0;

    /** Time stamps when a packet goes to the network card. */
    public static final int SOF_TIMESTAMPING_TX_SOFTWARE = 1 << 1;

    /** Time stamps when the network card receives. */
    public static final int SOF_TIMESTAMPING_RX_HARDWARE = 1 << 2;

    /** Time stamps when a packet comes from the network card. */
    public static final int SOF_TIMESTAMPING_RX_SOFTWARE = 1 << 3;

    /** Reports time stamps of software. */
    public static final int SOF_TIMESTAMPING_SOFTWARE = 1 << 4;

    /** Reports time stamps of hardware. */
    public static final int SOF_TIMESTAMPING_RAW_HARDWARE = 1 << 6;

    /** Numbers the packets that are sent. */
    public static final int SOF_TIMESTAMPING_OPT_ID = 1 << 7;

    /** Time stamps when a packet enters the queueing discipline. */
    public static final int SOF_TIMESTAMPING_TX_SCHED = 1 << 8;

    /** Time stamps when all data was acknowledged. */
    public static final int SOF_TIMESTAMPING_TX_ACK = 1 << 9;

    /** Adds {@code IP_PKTINFO} to time stamps. */
    public static final int SOF_TIMESTAMPING_OPT_CMSG = 1 << 10;

    /** Time stamps come without the packet. */
    public static final int SOF_TIMESTAMPING_OPT_TSONLY = 1 << 11;

    /** Type of service. */
    public static final int IP_TOS = 1;

    /** How many hops a packet may live. */
    public static final int IP_TTL = 2;

    /** Interface and local address, as an option and as a control message. */
    public static final int IP_PKTINFO = 8;

    /** Errors come by {@code MSG_ERRQUEUE}. */
    public static final int IP_RECVERR = 11;

    /** {@code IP_TTL} comes with every packet. */
    public static final int IP_RECVTTL = 12;

    /** {@code IP_TOS} comes with every packet. */
    public static final int IP_RECVTOS = 13;

    /** The largest packet on the way to the peer. */
    public static final int IP_MTU = 14;

    /** Addresses may be bound that are not there (yet). */
    public static final int IP_FREEBIND = 15;

    /** Addresses of others may be bound. */
    public static final int IP_TRANSPARENT = 19;

    /** The interface that multicasts leave by. */
    public static final int IP_MULTICAST_IF = 32;

    /** How many hops a multicast may live. */
    public static final int IP_MULTICAST_TTL = 33;

    /** Multicasts come back to this machine. */
    public static final int IP_MULTICAST_LOOP = 34;

    /** Joins a multicast group. */
    public static final int IP_ADD_MEMBERSHIP = 35;

    /** Leaves a multicast group. */
    public static final int IP_DROP_MEMBERSHIP = 36;

    /** How many hops a packet may live. */
    public static final int IPV6_UNICAST_HOPS = 16;

    /** The interface that multicasts leave by. */
    public static final int IPV6_MULTICAST_IF = 17;

    /** How many hops a multicast may live. */
    public static final int IPV6_MULTICAST_HOPS = 18;

    /** Multicasts come back to this machine. */
    public static final int IPV6_MULTICAST_LOOP = 19;

    /** Joins a multicast group. */
    public static final int IPV6_JOIN_GROUP = 20;

    /** Leaves a multicast group. */
    public static final int IPV6_LEAVE_GROUP = 21;

    /** Joins a group of either protocol, with {@code struct group_req}. */
    public static final int MCAST_JOIN_GROUP = 42;

    /** Leaves a group of either protocol, with {@code struct group_req}. */
    public static final int MCAST_LEAVE_GROUP = 45;

    /** Joins a group of either protocol for one sender, with {@code struct group_source_req}. */
    public static final int MCAST_JOIN_SOURCE_GROUP = 46;

    /** Leaves a group of either protocol for one sender, with {@code struct group_source_req}. */
    public static final int MCAST_LEAVE_SOURCE_GROUP = 47;

    /** Errors come by {@code MSG_ERRQUEUE}. */
    public static final int IPV6_RECVERR = 25;

    /** {@code IPV6_PKTINFO} comes with every packet. */
    public static final int IPV6_RECVPKTINFO = 49;

    /** Control message: interface and local address. */
    public static final int IPV6_PKTINFO = 50;

    /** {@code IPV6_HOPLIMIT} comes with every packet. */
    public static final int IPV6_RECVHOPLIMIT = 51;

    /** Control message: how many hops the packet may live. */
    public static final int IPV6_HOPLIMIT = 52;

    /** {@code IPV6_TCLASS} comes with every packet. */
    public static final int IPV6_RECVTCLASS = 66;

    /** Traffic class. */
    public static final int IPV6_TCLASS = 67;

    /** The largest segment. */
    public static final int TCP_MAXSEG = 2;

    /** Sends whole segments only. */
    public static final int TCP_CORK = 3;

    /** Idle seconds before the connection is probed. */
    public static final int TCP_KEEPIDLE = 4;

    /** Seconds between two probes. */
    public static final int TCP_KEEPINTVL = 5;

    /** Probes without answer that end the connection. */
    public static final int TCP_KEEPCNT = 6;

    /** Connections are accepted when data is there. */
    public static final int TCP_DEFER_ACCEPT = 9;

    /** The state of the connection. */
    public static final int TCP_INFO = 11;

    /** Acknowledges at once. */
    public static final int TCP_QUICKACK = 12;

    /** The congestion control, by name. */
    public static final int TCP_CONGESTION = 13;

    /** Milliseconds without acknowledgement that end the connection. */
    public static final int TCP_USER_TIMEOUT = 18;

    /** Connections that may wait with data in their first packet. */
    public static final int TCP_FASTOPEN = 23;

    /** Bytes not yet sent below which there is room. */
    public static final int TCP_NOTSENT_LOWAT = 25;

    /** Gathers datagrams into one. */
    public static final int UDP_CORK = 1;

    /** The kernel cuts what is sent into datagrams of this size, as an option and as a control message. */
    public static final int UDP_SEGMENT = 103;

    /** Datagrams come joined, their size in a control message. */
    public static final int UDP_GRO = 104;

    /** Only to hosts that are directly connected. */
    public static final int MSG_DONTROUTE = 0x04;

    /** The peer is alive: no need to ask for its address again. */
    public static final int MSG_CONFIRM = 0x800;

    /** Connects, and sends with the first packet. */
    public static final int MSG_FASTOPEN = 0x20000000;

    /** A packet to this machine. */
    public static final int PACKET_HOST = 0;

    /** A packet to all. */
    public static final int PACKET_BROADCAST = 1;

    /** A packet to a group. */
    public static final int PACKET_MULTICAST = 2;

    /** A packet to another machine. */
    public static final int PACKET_OTHERHOST = 3;

    /** A packet that this machine sends. */
    public static final int PACKET_OUTGOING = 4;

    /** Every protocol. */
    public static final int ETH_P_ALL = 0x0003;

    /** IPv4. */
    public static final int ETH_P_IP = 0x0800;

    /** ARP. */
    public static final int ETH_P_ARP = 0x0806;

    /** IPv6. */
    public static final int ETH_P_IPV6 = 0x86DD;

    /** {@code ioctl(2)}: bytes not yet sent. */
    public static final int SIOCOUTQ = 0x5411;

    /** {@code ioctl(2)}: bytes that wait to be read. */
    public static final int SIOCINQ = 0x541B;

    // Poll events: poll(2)

    /** Something to read. */
    public static final int POLLIN = 0x001;

    /** Something urgent to read. */
    public static final int POLLPRI = 0x002;

    /** Room to write. */
    public static final int POLLOUT = 0x004;

    /** An error. */
    public static final int POLLERR = 0x008;

    /** Hung up. */
    public static final int POLLHUP = 0x010;

    /** Not an open file descriptor. */
    public static final int POLLNVAL = 0x020;

    /** The peer ended its writing. */
    public static final int POLLRDHUP = 0x2000;

    /** Normal data to read. */
    public static final int POLLRDNORM = 0x040;

    /** Priority data to read. */
    public static final int POLLRDBAND = 0x080;

    /** Room to write normal data. */
    public static final int POLLWRNORM = 0x100;

    /** Room to write priority data. */
    public static final int POLLWRBAND = 0x200;

    /** Unused by Linux. */
    public static final int POLLMSG = 0x400;

    // Epoll: epoll_ctl(2)

    /** The epoll file is closed on exec. */
    public static final int EPOLL_CLOEXEC = 02000000;

    /** Adds a file. */
    public static final int EPOLL_CTL_ADD = 1;

    /** Takes a file away. */
    public static final int EPOLL_CTL_DEL = 2;

    /** Changes the events and data of a file. */
    public static final int EPOLL_CTL_MOD = 3;

    /** Something to read. */
    public static final int EPOLLIN = 0x001;

    /** Something urgent to read. */
    public static final int EPOLLPRI = 0x002;

    /** Room to write. */
    public static final int EPOLLOUT = 0x004;

    /** An error; always watched for. */
    public static final int EPOLLERR = 0x008;

    /** Hung up; always watched for. */
    public static final int EPOLLHUP = 0x010;

    /** Normal data to read. */
    public static final int EPOLLRDNORM = 0x040;

    /** Priority data to read. */
    public static final int EPOLLRDBAND = 0x080;

    /** Room to write normal data. */
    public static final int EPOLLWRNORM = 0x100;

    /** Room to write priority data. */
    public static final int EPOLLWRBAND = 0x200;

    /** Unused by Linux. */
    public static final int EPOLLMSG = 0x400;

    /** The peer ended its writing. */
    public static final int EPOLLRDHUP = 0x2000;

    /** Wakes one of the epoll files that watch, not all. Since Linux 4.5. */
    public static final int EPOLLEXCLUSIVE = 1 << 28;

    /** Keeps the machine awake while the event is handled. */
    public static final int EPOLLWAKEUP = 1 << 29;

    /** Disabled after one event, until {@link #EPOLL_CTL_MOD}. */
    public static final int EPOLLONESHOT = 1 << 30;

    /** Told once, when it becomes ready: edge-triggered. */
    public static final int EPOLLET = 1 << 31;

    // Processes: waitid(2)

    /** Any child. */
    public static final int P_ALL = 0;

    /** The child with this process id. */
    public static final int P_PID = 1;

    /** Any child of this process group; 0 for the caller's own. */
    public static final int P_PGID = 2;

    /** The child that a pidfd refers to. Since Linux 5.4. */
    public static final int P_PIDFD = 3;

    /** Does not wait. */
    public static final int WNOHANG = 1;

    /** The same as {@link #WSTOPPED}. */
    public static final int WUNTRACED = 2;

    /** Children that a signal stopped. */
    public static final int WSTOPPED = 2;

    /** Children that ended. */
    public static final int WEXITED = 4;

    /** Children that a signal let go on. */
    public static final int WCONTINUED = 8;

    /** Leaves the child to be waited for again. */
    public static final int WNOWAIT = 0x01000000;

    /** The child ended by itself. */
    public static final int CLD_EXITED = 1;

    /** A signal ended the child. */
    public static final int CLD_KILLED = 2;

    /** A signal ended the child, which left a core dump. */
    public static final int CLD_DUMPED = 3;

    /** The traced child reached a trap. */
    public static final int CLD_TRAPPED = 4;

    /** A signal stopped the child. */
    public static final int CLD_STOPPED = 5;

    /** A signal let the child go on. */
    public static final int CLD_CONTINUED = 6;

    /** A child has changed. */
    public static final int SIGCHLD = 17;

    // Futexes: futex_wait(2)

    /** A futex of one byte; refused so far. */
    public static final int FUTEX2_SIZE_U8 = 0x00;

    /** A futex of two bytes; refused so far. */
    public static final int FUTEX2_SIZE_U16 = 0x01;

    /** A futex of four bytes. Since Linux 5.16. */
    public static final int FUTEX2_SIZE_U32 = 0x02;

    /** A futex of eight bytes; refused so far. */
    public static final int FUTEX2_SIZE_U64 = 0x03;

    /** Mask of the sizes. */
    public static final int FUTEX2_SIZE_MASK = 0x03;

    /** The number of a NUMA node follows the futex. Since Linux 6.16. */
    public static final int FUTEX2_NUMA = 0x04;

    /** The memory policy of the futex chooses the node. Since Linux 6.16. */
    public static final int FUTEX2_MPOL = 0x08;

    /** For threads of this process only, which is quicker. */
    public static final int FUTEX2_PRIVATE = 128;

    /** The older name of {@link #FUTEX2_SIZE_U32}. */
    public static final int FUTEX_32 = FUTEX2_SIZE_U32;

    /** The older name of {@link #FUTEX2_PRIVATE}. */
    public static final int FUTEX_PRIVATE_FLAG = 128;

    /** A mask that every wait and every wake matches; a long, for the mask has 64 bits. */
    public static final long FUTEX_BITSET_MATCH_ANY = 0xFFFFFFFFL;

    /** At most so many futexes in one wait. */
    public static final int FUTEX_WAITV_MAX = 128;

    // Commands of block devices

    /** Discards a range of a block device. Since Linux 6.12. */
    public static final int BLOCK_URING_CMD_DISCARD = 0x1200;

    // File attributes: statx(2)

    /** The type. */
    public static final int STATX_TYPE = 0x1;

    /** The permissions. */
    public static final int STATX_MODE = 0x2;

    /** The number of links. */
    public static final int STATX_NLINK = 0x4;

    /** The owner. */
    public static final int STATX_UID = 0x8;

    /** The group. */
    public static final int STATX_GID = 0x10;

    /** The access time. */
    public static final int STATX_ATIME = 0x20;

    /** The modification time. */
    public static final int STATX_MTIME = 0x40;

    /** The change time. */
    public static final int STATX_CTIME = 0x80;

    /** The inode number. */
    public static final int STATX_INO = 0x100;

    /** The size. */
    public static final int STATX_SIZE = 0x200;

    /** The blocks. */
    public static final int STATX_BLOCKS = 0x400;

    /** All of the above. */
    public static final int STATX_BASIC_STATS = 0x7ff;

    /** The birth time. */
    public static final int STATX_BTIME = 0x800;

    /** The mount. */
    public static final int STATX_MNT_ID = 0x1000;

    /** The alignment of direct I/O. Since Linux 6.1. */
    public static final int STATX_DIOALIGN = 0x2000;

    /** The mount, by a number that is never used again. Since Linux 6.8. */
    public static final int STATX_MNT_ID_UNIQUE = 0x4000;

    /** The subvolume. Since Linux 6.10. */
    public static final int STATX_SUBVOL = 0x8000;

    /** The sizes of untorn writes. Since Linux 6.11. */
    public static final int STATX_WRITE_ATOMIC = 0x10000;

    /** The alignment of direct reads. Since Linux 6.14. */
    public static final int STATX_DIO_READ_ALIGN = 0x20000;

    /** An attribute: compressed by the file system. */
    public static final int STATX_ATTR_COMPRESSED = 0x4;

    /** An attribute: cannot be changed. */
    public static final int STATX_ATTR_IMMUTABLE = 0x10;

    /** An attribute: can only grow at its end. */
    public static final int STATX_ATTR_APPEND = 0x20;

    /** An attribute: left out of backups by {@code dump(8)}. */
    public static final int STATX_ATTR_NODUMP = 0x40;

    /** An attribute: needs a key to be read. */
    public static final int STATX_ATTR_ENCRYPTED = 0x800;

    /** An attribute: mounted on access. */
    public static final int STATX_ATTR_AUTOMOUNT = 0x1000;

    /** An attribute: the root of a mount. */
    public static final int STATX_ATTR_MOUNT_ROOT = 0x2000;

    /** An attribute: verified on reading. */
    public static final int STATX_ATTR_VERITY = 0x100000;

    /** An attribute: accessed in the memory that it lies in. */
    public static final int STATX_ATTR_DAX = 0x200000;

    /** An attribute: untorn writes are possible. Since Linux 6.11. */
    public static final int STATX_ATTR_WRITE_ATOMIC = 0x400000;

    /** Mask of the type in a mode. */
    public static final int S_IFMT = 0170000;

    /** A socket. */
    public static final int S_IFSOCK = 0140000;

    /** A symbolic link. */
    public static final int S_IFLNK = 0120000;

    /** A regular file. */
    public static final int S_IFREG = 0100000;

    /** A block device. */
    public static final int S_IFBLK = 0060000;

    /** A directory. */
    public static final int S_IFDIR = 0040000;

    /** A character device. */
    public static final int S_IFCHR = 0020000;

    /** A pipe. */
    public static final int S_IFIFO = 0010000;

    // Memory, limits, descriptors

    /** Pages may be read. */
    public static final int PROT_READ = 1;

    /** Pages may be written. */
    public static final int PROT_WRITE = 2;

    /** Changes are shared. */
    public static final int MAP_SHARED = 0x01;

    /** Changes are private. */
    public static final int MAP_PRIVATE = 0x02;

    /** Without a file. */
    public static final int MAP_ANONYMOUS = 0x20;

    /** Pages are there at once. */
    public static final int MAP_POPULATE = 0x08000;

    /** Limit of open files. */
    public static final int RLIMIT_NOFILE = 7;

    /** Limit of locked memory. */
    public static final int RLIMIT_MEMLOCK = 8;

    /** An eventfd that is closed on exec. */
    public static final int EFD_CLOEXEC = 02000000;

    /** An eventfd that does not block. */
    public static final int EFD_NONBLOCK = 04000;

    /** Asks for the flags of a descriptor. */
    public static final int F_GETFD = 1;

    /** Sets them. */
    public static final int F_SETFD = 2;

    /** Asks for the flags of the open file. */
    public static final int F_GETFL = 3;

    /** Sets them. */
    public static final int F_SETFL = 4;

    /** Closed on exec. */
    public static final int FD_CLOEXEC = 1;

    /** The size stays as it is. */
    public static final int FALLOC_FL_KEEP_SIZE = 0x01;

    /** Makes a hole. */
    public static final int FALLOC_FL_PUNCH_HOLE = 0x02;

    /** Takes a range out, and closes the gap. */
    public static final int FALLOC_FL_COLLAPSE_RANGE = 0x08;

    /** Makes zeroes. */
    public static final int FALLOC_FL_ZERO_RANGE = 0x10;

    /** Puts a hole in, and moves the rest. */
    public static final int FALLOC_FL_INSERT_RANGE = 0x20;

    /** Makes blocks shared with other files the file's own. */
    public static final int FALLOC_FL_UNSHARE_RANGE = 0x40;

    /** Makes zeroes that are written already. Since Linux 6.17. */
    public static final int FALLOC_FL_WRITE_ZEROES = 0x80;

    /** Waits for what is being written already. */
    public static final int SYNC_FILE_RANGE_WAIT_BEFORE = 1;

    /** Starts writing what is dirty. */
    public static final int SYNC_FILE_RANGE_WRITE = 2;

    /** Waits for what was started. */
    public static final int SYNC_FILE_RANGE_WAIT_AFTER = 4;

    /** All three. */
    public static final int SYNC_FILE_RANGE_WRITE_AND_WAIT = 7;

    /** A file: nothing special. */
    public static final int POSIX_FADV_NORMAL = 0;

    /** A file: will be read here and there, so reads nothing ahead. */
    public static final int POSIX_FADV_RANDOM = 1;

    /** A file: will be read from front to back, so reads more ahead. */
    public static final int POSIX_FADV_SEQUENTIAL = 2;

    /** A file: starts reading it into the cache. */
    public static final int POSIX_FADV_WILLNEED = 3;

    /** A file: drops its clean pages from the cache. */
    public static final int POSIX_FADV_DONTNEED = 4;

    /** A file: will be read once. */
    public static final int POSIX_FADV_NOREUSE = 5;

    /** Memory: nothing special. */
    public static final int MADV_NORMAL = 0;

    /** Memory: will be used here and there. */
    public static final int MADV_RANDOM = 1;

    /** Memory: will be used from front to back. */
    public static final int MADV_SEQUENTIAL = 2;

    /** Memory: will be used soon. */
    public static final int MADV_WILLNEED = 3;

    /** Memory: gives the pages back; their content is lost. */
    public static final int MADV_DONTNEED = 4;

    /** Memory: may give the pages back when memory is short; their content may be lost. */
    public static final int MADV_FREE = 8;

    /** Memory: gives the pages back and makes a hole in the file behind them. */
    public static final int MADV_REMOVE = 9;

    /** Memory: a child process does not have it. */
    public static final int MADV_DONTFORK = 10;

    /** Memory: a child process has it. */
    public static final int MADV_DOFORK = 11;

    /** Memory: pages that are equal may become one. */
    public static final int MADV_MERGEABLE = 12;

    /** Memory: undoes that. */
    public static final int MADV_UNMERGEABLE = 13;

    /** Memory: huge pages are welcome. */
    public static final int MADV_HUGEPAGE = 14;

    /** Memory: no huge pages. */
    public static final int MADV_NOHUGEPAGE = 15;

    /** Memory: left out of core dumps. */
    public static final int MADV_DONTDUMP = 16;

    /** Memory: undoes that. */
    public static final int MADV_DODUMP = 17;

    /** Memory: a child process finds zeroes. */
    public static final int MADV_WIPEONFORK = 18;

    /** Memory: undoes that. */
    public static final int MADV_KEEPONFORK = 19;

    /** Memory: the first to go when memory is short. Since Linux 5.4. */
    public static final int MADV_COLD = 20;

    /** Memory: goes to swap space or disk now. Since Linux 5.4. */
    public static final int MADV_PAGEOUT = 21;

    /** Memory: makes the pages present for reading. Since Linux 5.14. */
    public static final int MADV_POPULATE_READ = 22;

    /** Memory: makes the pages present for writing. Since Linux 5.14. */
    public static final int MADV_POPULATE_WRITE = 23;

    /** Memory: {@link #MADV_DONTNEED} for locked pages too. Since Linux 5.18. */
    public static final int MADV_DONTNEED_LOCKED = 24;

    /** Memory: makes huge pages of it now. Since Linux 6.1. */
    public static final int MADV_COLLAPSE = 25;

    /** High priority. */
    public static final int RWF_HIPRI = 0x1;

    /** This write reaches the disk. */
    public static final int RWF_DSYNC = 0x2;

    /** This write and its metadata reach the disk. */
    public static final int RWF_SYNC = 0x4;

    /** Fails with EAGAIN instead of waiting. */
    public static final int RWF_NOWAIT = 0x8;

    /** Writes at the end. */
    public static final int RWF_APPEND = 0x10;

    /** Writes at the offset, although the file is open for appending. Since Linux 6.9. */
    public static final int RWF_NOAPPEND = 0x20;

    /** This write is not torn apart by a crash. Since Linux 6.11. */
    public static final int RWF_ATOMIC = 0x40;

    /** Does not keep in the page cache what this transfer brought there. Since Linux 6.14. */
    public static final int RWF_DONTCACHE = 0x80;

    /** No SIGPIPE. Since Linux 6.18. */
    public static final int RWF_NOSIGNAL = 0x100;
}
