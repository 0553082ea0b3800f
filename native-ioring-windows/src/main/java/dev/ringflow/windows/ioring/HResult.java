package dev.ringflow.windows.ioring;

import java.util.HashMap;
import java.util.Map;

/**
 * The results that an I/O ring answers: constants under their names in {@code winerror.h}, and the name, the meaning and an
 * advice for a number. Results of zero and above are no failures. Safe for use by any thread.
 *
 * <p>A Win32 error code travels as {@code 0x8007} with the code in its lower half; {@link #win32Code} takes it out.
 */
public final class HResult {
    /** It worked. */
    public static final int S_OK = 0;

    /** It worked, and there is nothing: the completion queue is empty. */
    public static final int S_FALSE = 1;

    /** There is no implementation. */
    public static final int E_NOTIMPL = 0x8000_4001;

    /** A null pointer where none may be. */
    public static final int E_POINTER = 0x8000_4003;

    /** The operation was cancelled. */
    public static final int E_ABORT = 0x8000_4004;

    /** It failed, without a reason. */
    public static final int E_FAIL = 0x8000_4005;

    /** The version of the ring does not have this operation. */
    public static final int CO_E_NOT_SUPPORTED = 0x8000_4021;

    /** A failure that should not happen. */
    public static final int E_UNEXPECTED = 0x8000_FFFF;

    /** Access was denied. */
    public static final int E_ACCESSDENIED = 0x8007_0005;

    /** An invalid handle. */
    public static final int E_HANDLE = 0x8007_0006;

    /** Not enough memory. */
    public static final int E_OUTOFMEMORY = 0x8007_000E;

    /** An invalid argument. */
    public static final int E_INVALIDARG = 0x8007_0057;

    /** A required flag is unknown to this version of Windows. */
    public static final int IORING_E_REQUIRED_FLAG_NOT_SUPPORTED = 0x8046_0001;

    /** The submission queue is full. */
    public static final int IORING_E_SUBMISSION_QUEUE_FULL = 0x8046_0002;

    /** The version asked for does not exist here. */
    public static final int IORING_E_VERSION_NOT_SUPPORTED = 0x8046_0003;

    /** The submission queue asked for is too large. */
    public static final int IORING_E_SUBMISSION_QUEUE_TOO_BIG = 0x8046_0004;

    /** The completion queue asked for is too large. */
    public static final int IORING_E_COMPLETION_QUEUE_TOO_BIG = 0x8046_0005;

    /** Another thread is submitting on the same ring. */
    public static final int IORING_E_SUBMIT_IN_PROGRESS = 0x8046_0006;

    /** The memory that the ring shares with the kernel is damaged. */
    public static final int IORING_E_CORRUPT = 0x8046_0007;

    /** The completion queue has no room for the completions of all that would be submitted. */
    public static final int IORING_E_COMPLETION_QUEUE_TOO_FULL = 0x8046_0008;

    /** {@code ERROR_HANDLE_EOF}: the end of the file. */
    public static final int HANDLE_EOF = 0x8007_0026;

    /** {@code ERROR_NOT_SUPPORTED_WITH_CACHED_HANDLE}: the file was opened with buffering. */
    public static final int NOT_SUPPORTED_WITH_CACHED_HANDLE = 0x8007_01FD;

    /** {@code ERROR_OPERATION_ABORTED}: the operation was cancelled. */
    public static final int OPERATION_ABORTED = 0x8007_03E3;

    /** {@code ERROR_NOACCESS}: an address that cannot be accessed. */
    public static final int NOACCESS = 0x8007_03E6;

    /** {@code ERROR_NOT_FOUND}: there was nothing to cancel. */
    public static final int NOT_FOUND = 0x8007_0490;

    /** {@code ERROR_TIMEOUT}: a submission's wait is over. All was submitted. */
    public static final int TIMEOUT = 0x8007_05B4;

    private static final int WIN32 = 0x8007_0000;
    private static final String NO_ADVICE =
            "Look the number up in Microsoft's list of HRESULT values or of system error codes.";
    private static final Map<Integer, Entry> ENTRIES = new HashMap<>();

    private record Entry(String name, String meaning, String advice) {}

    static {
        HResultTable.fill((code, name, meaning, advice) -> {
            if (ENTRIES.put(code, new Entry(name, meaning, advice)) != null) {
                throw new AssertionError(name);
            }
        });
    }

    private HResult() {}

    /**
     * Whether a result is a failure.
     *
     * @param code any result
     * @return true below zero; note that {@link #TIMEOUT} counts, although all was submitted
     */
    public static boolean isFailure(final int code) {
        return code < 0;
    }

    /**
     * Whether a completion says that its operation was cancelled; Windows has two codes for it.
     *
     * @param code result of a completion
     * @return true for {@link #E_ABORT} and {@link #OPERATION_ABORTED}
     */
    public static boolean isCancelled(final int code) {
        return code == E_ABORT || code == OPERATION_ABORTED;
    }

    /**
     * The Win32 error code in a result.
     *
     * @param code any result
     * @return the code, from 0 to 65535; -1 if there is none in it
     */
    public static int win32Code(final int code) {
        return (code & 0x1FFF_0000) == 0x0007_0000 ? code & 0xFFFF : -1;
    }

    /**
     * The result for a Win32 error code, as {@code HRESULT_FROM_WIN32} makes it.
     *
     * @param error the code that {@code GetLastError} answers
     * @return the result; a number that is one already stays as it is
     */
    public static int ofWin32(final int error) {
        return error <= 0 ? error : WIN32 | error & 0xFFFF;
    }

    /**
     * A result by name.
     *
     * @param code any result
     * @return for example {@code "IORING_E_SUBMISSION_QUEUE_FULL"}, {@code "ERROR_DISK_FULL"}; the number in hexadecimal for
     *     an unknown one
     */
    public static String name(final int code) {
        final Entry entry = ENTRIES.get(code);
        return entry != null ? entry.name : hex(code);
    }

    /**
     * What a result means.
     *
     * @param code any result
     * @return one sentence
     */
    public static String meaning(final int code) {
        final Entry entry = ENTRIES.get(code);
        if (entry != null) {
            return entry.meaning;
        }
        final int win32 = win32Code(code);
        return win32 >= 0 ? "The system error " + win32 + "." : "A result that has no name here.";
    }

    /**
     * What a person can do about a result.
     *
     * @param code any result
     * @return one or more sentences
     */
    public static String advice(final int code) {
        final Entry entry = ENTRIES.get(code);
        return entry != null ? entry.advice : NO_ADVICE;
    }

    /**
     * A result with its name and meaning, for messages.
     *
     * @param code any result
     * @return for example {@code "E_HANDLE (0x80070006): An invalid handle."}
     */
    public static String describe(final int code) {
        final Entry entry = ENTRIES.get(code);
        return (entry != null ? entry.name + " (" + hex(code) + ")" : hex(code)) + ": " + meaning(code);
    }

    static Map<Integer, String> names() {
        final Map<Integer, String> names = new HashMap<>();
        ENTRIES.forEach((code, entry) -> names.put(code, entry.name));
        return names;
    }

    private static String hex(final int code) {
        return String.format("0x%08X", code);
    }
}
