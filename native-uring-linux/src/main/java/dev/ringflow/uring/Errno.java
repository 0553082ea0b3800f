package dev.ringflow.uring;

import java.util.Arrays;

/**
 * The error numbers of Linux: constants under the kernel's names, and the name and the meaning of a number. Values are
 * those of x86-64, aarch64 and riscv64.
 *
 * <p>Source: {@code errno(3)}.
 */
public final class Errno {
    /** The operation is not permitted. */
    public static final int EPERM = 1;

    /** No such file or directory. */
    public static final int ENOENT = 2;

    /** No such process. */
    public static final int ESRCH = 3;

    /** A signal interrupted the call. */
    public static final int EINTR = 4;

    /** An input or output error of the device. */
    public static final int EIO = 5;

    /** No such device or address, or no such table registered. */
    public static final int ENXIO = 6;

    /** The argument list is too long. */
    public static final int E2BIG = 7;

    /** Not an executable format. */
    public static final int ENOEXEC = 8;

    /** Not an open file descriptor, or not open for this. */
    public static final int EBADF = 9;

    /** No child processes. */
    public static final int ECHILD = 10;

    /** Not now: try again. */
    public static final int EAGAIN = 11;

    /** Not enough memory, or above the limit of locked memory. */
    public static final int ENOMEM = 12;

    /** Permission denied. */
    public static final int EACCES = 13;

    /** A bad address. */
    public static final int EFAULT = 14;

    /** A block device is required. */
    public static final int ENOTBLK = 15;

    /** The device or resource is busy. */
    public static final int EBUSY = 16;

    /** It exists already, or belongs to another thread. */
    public static final int EEXIST = 17;

    /** A link across file systems. */
    public static final int EXDEV = 18;

    /** No such device. */
    public static final int ENODEV = 19;

    /** Not a directory. */
    public static final int ENOTDIR = 20;

    /** Is a directory. */
    public static final int EISDIR = 21;

    /** An invalid argument. */
    public static final int EINVAL = 22;

    /** Too many open files in the system, or the file table is full. */
    public static final int ENFILE = 23;

    /** Too many open files in the process. */
    public static final int EMFILE = 24;

    /** Not a terminal, or an ioctl that the device does not know. */
    public static final int ENOTTY = 25;

    /** The program file is busy. */
    public static final int ETXTBSY = 26;

    /** The file is too large. */
    public static final int EFBIG = 27;

    /** No space is left on the device. */
    public static final int ENOSPC = 28;

    /** An illegal seek. */
    public static final int ESPIPE = 29;

    /** The file system is read-only. */
    public static final int EROFS = 30;

    /** Too many links. */
    public static final int EMLINK = 31;

    /** The pipe is broken: nobody reads at the other end. */
    public static final int EPIPE = 32;

    /** Out of the domain of the function. */
    public static final int EDOM = 33;

    /** The result is out of range. */
    public static final int ERANGE = 34;

    /** It would deadlock. */
    public static final int EDEADLK = 35;

    /** The file name is too long. */
    public static final int ENAMETOOLONG = 36;

    /** No locks are available. */
    public static final int ENOLCK = 37;

    /** The kernel does not have this function. */
    public static final int ENOSYS = 38;

    /** The directory is not empty. */
    public static final int ENOTEMPTY = 39;

    /** Too many levels of symbolic links. */
    public static final int ELOOP = 40;

    /** No message of the wanted type. */
    public static final int ENOMSG = 42;

    /** The identifier was removed. */
    public static final int EIDRM = 43;

    /** Channel number out of range. */
    public static final int ECHRNG = 44;

    /** Level 2 not synchronized. */
    public static final int EL2NSYNC = 45;

    /** Level 3 halted. */
    public static final int EL3HLT = 46;

    /** Level 3 reset. */
    public static final int EL3RST = 47;

    /** Link number out of range. */
    public static final int ELNRNG = 48;

    /** Protocol driver not attached. */
    public static final int EUNATCH = 49;

    /** No CSI structure available. */
    public static final int ENOCSI = 50;

    /** Level 2 halted. */
    public static final int EL2HLT = 51;

    /** Invalid exchange. */
    public static final int EBADE = 52;

    /** A bad request descriptor: completions were lost. */
    public static final int EBADR = 53;

    /** Exchange full. */
    public static final int EXFULL = 54;

    /** No anode. */
    public static final int ENOANO = 55;

    /** Invalid request code. */
    public static final int EBADRQC = 56;

    /** Invalid slot. */
    public static final int EBADSLT = 57;

    /** Bad font file format. */
    public static final int EBFONT = 59;

    /** Device not a stream. */
    public static final int ENOSTR = 60;

    /** No data is available. */
    public static final int ENODATA = 61;

    /** The time ran out. */
    public static final int ETIME = 62;

    /** Out of streams resources. */
    public static final int ENOSR = 63;

    /** Machine is not on the network. */
    public static final int ENONET = 64;

    /** Package not installed. */
    public static final int ENOPKG = 65;

    /** Object is remote. */
    public static final int EREMOTE = 66;

    /** Link has been severed. */
    public static final int ENOLINK = 67;

    /** Advertise error. */
    public static final int EADV = 68;

    /** Srmount error. */
    public static final int ESRMNT = 69;

    /** Communication error on send. */
    public static final int ECOMM = 70;

    /** A protocol error. */
    public static final int EPROTO = 71;

    /** Multihop attempted. */
    public static final int EMULTIHOP = 72;

    /** RFS-specific error. */
    public static final int EDOTDOT = 73;

    /** A bad message. */
    public static final int EBADMSG = 74;

    /** The value is too large for its type. */
    public static final int EOVERFLOW = 75;

    /** Name not unique on network. */
    public static final int ENOTUNIQ = 76;

    /** The file descriptor, or the ring, is in a bad state. */
    public static final int EBADFD = 77;

    /** Remote address changed. */
    public static final int EREMCHG = 78;

    /** Can not access a needed shared library. */
    public static final int ELIBACC = 79;

    /** Accessing a corrupted shared library. */
    public static final int ELIBBAD = 80;

    /** The .lib section in a.out is corrupted. */
    public static final int ELIBSCN = 81;

    /** Attempting to link in too many shared libraries. */
    public static final int ELIBMAX = 82;

    /** Cannot exec a shared library directly. */
    public static final int ELIBEXEC = 83;

    /** Invalid or incomplete multibyte or wide character. */
    public static final int EILSEQ = 84;

    /** Interrupted system call should be restarted. */
    public static final int ERESTART = 85;

    /** Streams pipe error. */
    public static final int ESTRPIPE = 86;

    /** Too many users. */
    public static final int EUSERS = 87;

    /** Not a socket. */
    public static final int ENOTSOCK = 88;

    /** A destination address is required. */
    public static final int EDESTADDRREQ = 89;

    /** The message is too long. */
    public static final int EMSGSIZE = 90;

    /** The wrong type of protocol for the socket. */
    public static final int EPROTOTYPE = 91;

    /** The protocol option is not available. */
    public static final int ENOPROTOOPT = 92;

    /** The protocol is not supported. */
    public static final int EPROTONOSUPPORT = 93;

    /** The socket type is not supported. */
    public static final int ESOCKTNOSUPPORT = 94;

    /** The operation is not supported. */
    public static final int EOPNOTSUPP = 95;

    /** The protocol family is not supported. */
    public static final int EPFNOSUPPORT = 96;

    /** The address family is not supported. */
    public static final int EAFNOSUPPORT = 97;

    /** The address is in use. */
    public static final int EADDRINUSE = 98;

    /** The address cannot be assigned. */
    public static final int EADDRNOTAVAIL = 99;

    /** The network is down. */
    public static final int ENETDOWN = 100;

    /** The network is unreachable. */
    public static final int ENETUNREACH = 101;

    /** The network dropped the connection on reset. */
    public static final int ENETRESET = 102;

    /** The connection was aborted. */
    public static final int ECONNABORTED = 103;

    /** The peer reset the connection. */
    public static final int ECONNRESET = 104;

    /** No buffer space, or no buffer left in the group. */
    public static final int ENOBUFS = 105;

    /** The socket is connected already. */
    public static final int EISCONN = 106;

    /** The socket is not connected. */
    public static final int ENOTCONN = 107;

    /** The socket was shut down. */
    public static final int ESHUTDOWN = 108;

    /** Too many references: cannot splice. */
    public static final int ETOOMANYREFS = 109;

    /** The connection timed out. */
    public static final int ETIMEDOUT = 110;

    /** The connection was refused. */
    public static final int ECONNREFUSED = 111;

    /** The host is down. */
    public static final int EHOSTDOWN = 112;

    /** No route to the host. */
    public static final int EHOSTUNREACH = 113;

    /** The request is under way already. */
    public static final int EALREADY = 114;

    /** The request is now under way. */
    public static final int EINPROGRESS = 115;

    /** A stale file handle. */
    public static final int ESTALE = 116;

    /** Structure needs cleaning. */
    public static final int EUCLEAN = 117;

    /** Not a XENIX named type file. */
    public static final int ENOTNAM = 118;

    /** No XENIX semaphores available. */
    public static final int ENAVAIL = 119;

    /** Is a named type file. */
    public static final int EISNAM = 120;

    /** Remote I/O error. */
    public static final int EREMOTEIO = 121;

    /** The disk quota is exceeded. */
    public static final int EDQUOT = 122;

    /** No medium found. */
    public static final int ENOMEDIUM = 123;

    /** Wrong medium type. */
    public static final int EMEDIUMTYPE = 124;

    /** The request was cancelled. */
    public static final int ECANCELED = 125;

    /** Required key not available. */
    public static final int ENOKEY = 126;

    /** Key has expired. */
    public static final int EKEYEXPIRED = 127;

    /** Key has been revoked. */
    public static final int EKEYREVOKED = 128;

    /** Key was rejected by service. */
    public static final int EKEYREJECTED = 129;

    /** The owner died. */
    public static final int EOWNERDEAD = 130;

    /** The state is not recoverable. */
    public static final int ENOTRECOVERABLE = 131;

    /** A radio is switched off. */
    public static final int ERFKILL = 132;

    /** The memory page has a hardware fault. */
    public static final int EHWPOISON = 133;

    /** Another name of {@link #EAGAIN}. */
    public static final int EWOULDBLOCK = EAGAIN;

    private Errno() {}

    /**
     * The symbolic name of an error.
     *
     * @param number an errno; a negative one, as completions carry it, means the same
     * @return for example {@code "ENOENT"}, or {@code "E"} and the number for one that Linux does not name
     */
    public static String name(final int number) {
        final int index = number < 0 ? -number : number;
        final String name = index > 0 && index < NAMES.length ? NAMES[index] : "";
        return name.isEmpty() ? "E" + index : name;
    }

    /**
     * What an error means, in a sentence.
     *
     * @param number an errno; a negative one, as completions carry it, means the same
     * @return a sentence with its full stop
     */
    public static String meaning(final int number) {
        final int index = number < 0 ? -number : number;
        final String meaning = index > 0 && index < MEANINGS.length ? MEANINGS[index] : "";
        return meaning.isEmpty() ? "An error that Linux does not name." : meaning;
    }

    private static final String[] NAMES = new String[134];
    private static final String[] MEANINGS = new String[134];

    private static void put(final int number, final String name, final String meaning) {
        NAMES[number] = name;
        MEANINGS[number] = meaning;
    }

    static {
        Arrays.fill(NAMES, "");
        Arrays.fill(MEANINGS, "");
        put(EPERM, "EPERM", "The operation is not permitted.");
        put(ENOENT, "ENOENT", "No such file or directory.");
        put(ESRCH, "ESRCH", "No such process.");
        put(EINTR, "EINTR", "A signal interrupted the call.");
        put(EIO, "EIO", "An input or output error of the device.");
        put(ENXIO, "ENXIO", "No such device or address, or no such table registered.");
        put(E2BIG, "E2BIG", "The argument list is too long.");
        put(ENOEXEC, "ENOEXEC", "Not an executable format.");
        put(EBADF, "EBADF", "Not an open file descriptor, or not open for this.");
        put(ECHILD, "ECHILD", "No child processes.");
        put(EAGAIN, "EAGAIN", "Not now: try again.");
        put(ENOMEM, "ENOMEM", "Not enough memory, or above the limit of locked memory.");
        put(EACCES, "EACCES", "Permission denied.");
        put(EFAULT, "EFAULT", "A bad address.");
        put(ENOTBLK, "ENOTBLK", "A block device is required.");
        put(EBUSY, "EBUSY", "The device or resource is busy.");
        put(EEXIST, "EEXIST", "It exists already, or belongs to another thread.");
        put(EXDEV, "EXDEV", "A link across file systems.");
        put(ENODEV, "ENODEV", "No such device.");
        put(ENOTDIR, "ENOTDIR", "Not a directory.");
        put(EISDIR, "EISDIR", "Is a directory.");
        put(EINVAL, "EINVAL", "An invalid argument.");
        put(ENFILE, "ENFILE", "Too many open files in the system, or the file table is full.");
        put(EMFILE, "EMFILE", "Too many open files in the process.");
        put(ENOTTY, "ENOTTY", "Not a terminal, or an ioctl that the device does not know.");
        put(ETXTBSY, "ETXTBSY", "The program file is busy.");
        put(EFBIG, "EFBIG", "The file is too large.");
        put(ENOSPC, "ENOSPC", "No space is left on the device.");
        put(ESPIPE, "ESPIPE", "An illegal seek.");
        put(EROFS, "EROFS", "The file system is read-only.");
        put(EMLINK, "EMLINK", "Too many links.");
        put(EPIPE, "EPIPE", "The pipe is broken: nobody reads at the other end.");
        put(EDOM, "EDOM", "Out of the domain of the function.");
        put(ERANGE, "ERANGE", "The result is out of range.");
        put(EDEADLK, "EDEADLK", "It would deadlock.");
        put(ENAMETOOLONG, "ENAMETOOLONG", "The file name is too long.");
        put(ENOLCK, "ENOLCK", "No locks are available.");
        put(ENOSYS, "ENOSYS", "The kernel does not have this function.");
        put(ENOTEMPTY, "ENOTEMPTY", "The directory is not empty.");
        put(ELOOP, "ELOOP", "Too many levels of symbolic links.");
        put(ENOMSG, "ENOMSG", "No message of the wanted type.");
        put(EIDRM, "EIDRM", "The identifier was removed.");
        put(ECHRNG, "ECHRNG", "Channel number out of range.");
        put(EL2NSYNC, "EL2NSYNC", "Level 2 not synchronized.");
        put(EL3HLT, "EL3HLT", "Level 3 halted.");
        put(EL3RST, "EL3RST", "Level 3 reset.");
        put(ELNRNG, "ELNRNG", "Link number out of range.");
        put(EUNATCH, "EUNATCH", "Protocol driver not attached.");
        put(ENOCSI, "ENOCSI", "No CSI structure available.");
        put(EL2HLT, "EL2HLT", "Level 2 halted.");
        put(EBADE, "EBADE", "Invalid exchange.");
        put(EBADR, "EBADR", "A bad request descriptor: completions were lost.");
        put(EXFULL, "EXFULL", "Exchange full.");
        put(ENOANO, "ENOANO", "No anode.");
        put(EBADRQC, "EBADRQC", "Invalid request code.");
        put(EBADSLT, "EBADSLT", "Invalid slot.");
        put(EBFONT, "EBFONT", "Bad font file format.");
        put(ENOSTR, "ENOSTR", "Device not a stream.");
        put(ENODATA, "ENODATA", "No data is available.");
        put(ETIME, "ETIME", "The time ran out.");
        put(ENOSR, "ENOSR", "Out of streams resources.");
        put(ENONET, "ENONET", "Machine is not on the network.");
        put(ENOPKG, "ENOPKG", "Package not installed.");
        put(EREMOTE, "EREMOTE", "Object is remote.");
        put(ENOLINK, "ENOLINK", "Link has been severed.");
        put(EADV, "EADV", "Advertise error.");
        put(ESRMNT, "ESRMNT", "Srmount error.");
        put(ECOMM, "ECOMM", "Communication error on send.");
        put(EPROTO, "EPROTO", "A protocol error.");
        put(EMULTIHOP, "EMULTIHOP", "Multihop attempted.");
        put(EDOTDOT, "EDOTDOT", "RFS-specific error.");
        put(EBADMSG, "EBADMSG", "A bad message.");
        put(EOVERFLOW, "EOVERFLOW", "The value is too large for its type.");
        put(ENOTUNIQ, "ENOTUNIQ", "Name not unique on network.");
        put(EBADFD, "EBADFD", "The file descriptor, or the ring, is in a bad state.");
        put(EREMCHG, "EREMCHG", "Remote address changed.");
        put(ELIBACC, "ELIBACC", "Can not access a needed shared library.");
        put(ELIBBAD, "ELIBBAD", "Accessing a corrupted shared library.");
        put(ELIBSCN, "ELIBSCN", "The .lib section in a.out is corrupted.");
        put(ELIBMAX, "ELIBMAX", "Attempting to link in too many shared libraries.");
        put(ELIBEXEC, "ELIBEXEC", "Cannot exec a shared library directly.");
        put(EILSEQ, "EILSEQ", "Invalid or incomplete multibyte or wide character.");
        put(ERESTART, "ERESTART", "Interrupted system call should be restarted.");
        put(ESTRPIPE, "ESTRPIPE", "Streams pipe error.");
        put(EUSERS, "EUSERS", "Too many users.");
        put(ENOTSOCK, "ENOTSOCK", "Not a socket.");
        put(EDESTADDRREQ, "EDESTADDRREQ", "A destination address is required.");
        put(EMSGSIZE, "EMSGSIZE", "The message is too long.");
        put(EPROTOTYPE, "EPROTOTYPE", "The wrong type of protocol for the socket.");
        put(ENOPROTOOPT, "ENOPROTOOPT", "The protocol option is not available.");
        put(EPROTONOSUPPORT, "EPROTONOSUPPORT", "The protocol is not supported.");
        put(ESOCKTNOSUPPORT, "ESOCKTNOSUPPORT", "The socket type is not supported.");
        put(EOPNOTSUPP, "EOPNOTSUPP", "The operation is not supported.");
        put(EPFNOSUPPORT, "EPFNOSUPPORT", "The protocol family is not supported.");
        put(EAFNOSUPPORT, "EAFNOSUPPORT", "The address family is not supported.");
        put(EADDRINUSE, "EADDRINUSE", "The address is in use.");
        put(EADDRNOTAVAIL, "EADDRNOTAVAIL", "The address cannot be assigned.");
        put(ENETDOWN, "ENETDOWN", "The network is down.");
        put(ENETUNREACH, "ENETUNREACH", "The network is unreachable.");
        put(ENETRESET, "ENETRESET", "The network dropped the connection on reset.");
        put(ECONNABORTED, "ECONNABORTED", "The connection was aborted.");
        put(ECONNRESET, "ECONNRESET", "The peer reset the connection.");
        put(ENOBUFS, "ENOBUFS", "No buffer space, or no buffer left in the group.");
        put(EISCONN, "EISCONN", "The socket is connected already.");
        put(ENOTCONN, "ENOTCONN", "The socket is not connected.");
        put(ESHUTDOWN, "ESHUTDOWN", "The socket was shut down.");
        put(ETOOMANYREFS, "ETOOMANYREFS", "Too many references: cannot splice.");
        put(ETIMEDOUT, "ETIMEDOUT", "The connection timed out.");
        put(ECONNREFUSED, "ECONNREFUSED", "The connection was refused.");
        put(EHOSTDOWN, "EHOSTDOWN", "The host is down.");
        put(EHOSTUNREACH, "EHOSTUNREACH", "No route to the host.");
        put(EALREADY, "EALREADY", "The request is under way already.");
        put(EINPROGRESS, "EINPROGRESS", "The request is now under way.");
        put(ESTALE, "ESTALE", "A stale file handle.");
        put(EUCLEAN, "EUCLEAN", "Structure needs cleaning.");
        put(ENOTNAM, "ENOTNAM", "Not a XENIX named type file.");
        put(ENAVAIL, "ENAVAIL", "No XENIX semaphores available.");
        put(EISNAM, "EISNAM", "Is a named type file.");
        put(EREMOTEIO, "EREMOTEIO", "Remote I/O error.");
        put(EDQUOT, "EDQUOT", "The disk quota is exceeded.");
        put(ENOMEDIUM, "ENOMEDIUM", "No medium found.");
        put(EMEDIUMTYPE, "EMEDIUMTYPE", "Wrong medium type.");
        put(ECANCELED, "ECANCELED", "The request was cancelled.");
        put(ENOKEY, "ENOKEY", "Required key not available.");
        put(EKEYEXPIRED, "EKEYEXPIRED", "Key has expired.");
        put(EKEYREVOKED, "EKEYREVOKED", "Key has been revoked.");
        put(EKEYREJECTED, "EKEYREJECTED", "Key was rejected by service.");
        put(EOWNERDEAD, "EOWNERDEAD", "The owner died.");
        put(ENOTRECOVERABLE, "ENOTRECOVERABLE", "The state is not recoverable.");
        put(ERFKILL, "ERFKILL", "A radio is switched off.");
        put(EHWPOISON, "EHWPOISON", "The memory page has a hardware fault.");
    }
}
