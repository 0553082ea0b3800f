package dev.ringflow.windows.ioring;

/** Name, meaning and advice of every result that a ring may answer. */
final class HResultTable {
    interface Row {
        void add(int code, String name, String meaning, String advice);
    }

    private static final int STATUS_IORING = 0xC046_0000;
    private static final String NONE = "Nothing is to be done.";
    private static final String OVERLAPPED_DEVICE = "Look into the event log of the system, and check the medium.";

    private HResultTable() {}

    static void fill(final Row row) {
        general(row);
        ring(row);
        handles(row);
        files(row);
        operations(row);
    }

    private static void general(final Row row) {
        row.add(HResult.S_OK, "S_OK", "It worked.", NONE);
        row.add(HResult.S_FALSE, "S_FALSE", "It worked, and there is nothing.", NONE);
        row.add(
                HResult.E_NOTIMPL,
                "E_NOTIMPL",
                "This version of Windows has no implementation of it.",
                "Ask IoRing.availability() first.");
        row.add(HResult.E_POINTER, "E_POINTER", "A null pointer.", "Check the addresses.");
        row.add(
                HResult.E_ABORT,
                "E_ABORT",
                "The operation was cancelled.",
                "Expected after a cancel request; otherwise the file was closed, or the device went away.");
        row.add(HResult.E_FAIL, "E_FAIL", "It failed, without a reason.", "Look into the event log of the system.");
        row.add(
                HResult.CO_E_NOT_SUPPORTED,
                "CO_E_NOT_SUPPORTED",
                "The version of the ring does not have this operation.",
                "Open the ring with a higher version: writes and flushes take 300, scatter and gather 400.");
        row.add(
                HResult.E_UNEXPECTED,
                "E_UNEXPECTED",
                "A failure that should not happen.",
                "Look into the event log of the system.");
    }

    private static void ring(final Row row) {
        ring(
                row,
                1,
                "REQUIRED_FLAG_NOT_SUPPORTED",
                "A required flag is unknown to this version of Windows.",
                "Open the ring without that flag, or give it as an advisory one.");
        ring(
                row,
                2,
                "SUBMISSION_QUEUE_FULL",
                "The submission queue is full.",
                "Submit, then build the entry again; or open the ring with a larger queue.");
        ring(
                row,
                3,
                "VERSION_NOT_SUPPORTED",
                "The version asked for does not exist here.",
                "Ask for at most the maxVersion of IoRing.queryCapabilities(), and for 1, 2, 300 or 400.");
        ring(
                row,
                4,
                "SUBMISSION_QUEUE_TOO_BIG",
                "The submission queue asked for is too large.",
                "Ask for at most the maxSubmissionQueueSize of IoRing.queryCapabilities().");
        ring(
                row,
                5,
                "COMPLETION_QUEUE_TOO_BIG",
                "The completion queue asked for is too large.",
                "Ask for at most the maxCompletionQueueSize of IoRing.queryCapabilities().");
        ring(
                row,
                6,
                "SUBMIT_IN_PROGRESS",
                "Another thread is submitting on the same ring.",
                "Let one thread build and submit. Wait by the completion event, not in a submission.");
        ring(
                row,
                7,
                "CORRUPT",
                "The memory that the ring shares with the kernel is damaged.",
                "Close the ring. Something in this process writes where it must not: check the addresses of buffers.");
        ring(
                row,
                8,
                "COMPLETION_QUEUE_TOO_FULL",
                "The completion queue has no room for the completions of all that would be submitted.",
                "Nothing was submitted. Pop completions, then submit again; keep fewer operations in flight than the"
                        + " completion queue has entries.");
    }

    private static void ring(
            final Row row, final int number, final String name, final String meaning, final String advice) {
        row.add(HResult.IORING_E_REQUIRED_FLAG_NOT_SUPPORTED + number - 1, "IORING_E_" + name, meaning, advice);
        row.add(STATUS_IORING + number, "STATUS_IORING_" + name, meaning, advice);
    }

    private static void handles(final Row row) {
        row.add(
                HResult.E_ACCESSDENIED,
                "E_ACCESSDENIED",
                "Access was denied.",
                "Open the file with the access that the operation needs, and check the permissions of the file.");
        row.add(
                HResult.E_HANDLE,
                "E_HANDLE",
                "An invalid handle.",
                "The file was closed, the registered index is empty, or the ring or event is no such thing.");
        row.add(
                HResult.E_OUTOFMEMORY,
                "E_OUTOFMEMORY",
                "Not enough memory.",
                "Use smaller queues, or fewer or smaller registered buffers.");
        row.add(
                HResult.E_INVALIDARG,
                "E_INVALIDARG",
                "An invalid argument.",
                "Check kinds, indexes, lengths and flags. Registering nothing is refused too: register one empty entry to"
                        + " drop what was registered. Scatter and gather take whole, aligned pages and an unbuffered file.");
        win32(
                row,
                4,
                "ERROR_TOO_MANY_OPEN_FILES",
                "Too many open files.",
                "Close some, and look for handles that leak.");
        win32(
                row,
                8,
                "ERROR_NOT_ENOUGH_MEMORY",
                "Not enough memory.",
                "Use smaller queues, or fewer or smaller registered buffers.");
        win32(
                row,
                1450,
                "ERROR_NO_SYSTEM_RESOURCES",
                "The system lacks resources for it.",
                "Keep less in flight, or register smaller buffers.");
        win32(
                row,
                1453,
                "ERROR_WORKING_SET_QUOTA",
                "The process may not lock that much memory.",
                "Register smaller buffers, or raise the working set of the process.");
    }

    private static void files(final Row row) {
        win32(row, 2, "ERROR_FILE_NOT_FOUND", "There is no such file.", "Check the name.");
        win32(row, 3, "ERROR_PATH_NOT_FOUND", "There is no such directory.", "Check the path.");
        win32(row, 19, "ERROR_WRITE_PROTECT", "The medium is write-protected.", "Write to another one.");
        win32(row, 21, "ERROR_NOT_READY", "The device is not ready.", OVERLAPPED_DEVICE);
        win32(row, 23, "ERROR_CRC", "The data on the medium is damaged.", OVERLAPPED_DEVICE);
        win32(
                row,
                32,
                "ERROR_SHARING_VIOLATION",
                "Somebody else has the file open, and does not share it.",
                "Close it there, or open it with FILE_SHARE_READ, FILE_SHARE_WRITE and FILE_SHARE_DELETE.");
        win32(row, 33, "ERROR_LOCK_VIOLATION", "Somebody else has locked that part of the file.", "Wait for the lock.");
        win32(
                row,
                38,
                "ERROR_HANDLE_EOF",
                "The read began at or after the end of the file.",
                "Not a failure: there is nothing more to read.");
        win32(row, 39, "ERROR_HANDLE_DISK_FULL", "The disk is full.", "Free space on the disk, or write elsewhere.");
        win32(row, 80, "ERROR_FILE_EXISTS", "The file exists already.", "Open it instead, or choose another name.");
        win32(row, 112, "ERROR_DISK_FULL", "The disk is full.", "Free space on the disk, or write elsewhere.");
        win32(row, 123, "ERROR_INVALID_NAME", "That is no name of a file.", "Check the name.");
        win32(row, 183, "ERROR_ALREADY_EXISTS", "It exists already.", "Open it instead, or choose another name.");
        win32(row, 223, "ERROR_FILE_TOO_LARGE", "The file system allows no file that large.", "Split the file.");
        win32(
                row,
                509,
                "ERROR_NOT_SUPPORTED_WITH_CACHED_HANDLE",
                "The file was opened with buffering, and this write wants to go through.",
                "Open the file with FILE_FLAG_NO_BUFFERING, or write without the flag and flush afterwards.");
        win32(row, 1117, "ERROR_IO_DEVICE", "The device reported an error.", OVERLAPPED_DEVICE);
        win32(
                row,
                1224,
                "ERROR_USER_MAPPED_FILE",
                "The file is mapped into memory somewhere, which forbids this.",
                "Unmap it first.");
    }

    private static void operations(final Row row) {
        win32(row, 50, "ERROR_NOT_SUPPORTED", "The file or device cannot do this.", "Use another operation.");
        win32(
                row,
                64,
                "ERROR_NETNAME_DELETED",
                "The connection to the server of the file is gone.",
                "Connect and open the file again.");
        win32(row, 109, "ERROR_BROKEN_PIPE", "Nobody is at the other end of the pipe.", "Close the pipe.");
        win32(
                row,
                120,
                "ERROR_CALL_NOT_IMPLEMENTED",
                "This version of Windows does not have the function.",
                "Ask IoRing.availability() first.");
        win32(
                row,
                127,
                "ERROR_PROC_NOT_FOUND",
                "This version of Windows does not have the function.",
                "Ask IoRing.availability() first.");
        win32(row, 232, "ERROR_NO_DATA", "The pipe is being closed.", "Close the pipe.");
        win32(
                row,
                234,
                "ERROR_MORE_DATA",
                "The message is longer than the buffer.",
                "Read the rest, or use a larger buffer.");
        win32(
                row,
                995,
                "ERROR_OPERATION_ABORTED",
                "The operation was cancelled.",
                "Expected after a cancel request; otherwise the file was closed, or the thread that asked has ended.");
        win32(row, 996, "ERROR_IO_INCOMPLETE", "The operation has not completed yet.", "Wait for it.");
        win32(row, 997, "ERROR_IO_PENDING", "The operation goes on.", "Wait for its completion.");
        win32(
                row,
                998,
                "ERROR_NOACCESS",
                "An address that cannot be accessed.",
                "Keep buffers, and the arrays that registrations name, allocated until the completion.");
        win32(
                row,
                1168,
                "ERROR_NOT_FOUND",
                "There was nothing to cancel.",
                "Not a failure: the operation has completed already, or was given another file or user data.");
        win32(
                row,
                1460,
                "ERROR_TIMEOUT",
                "The wait is over before that much completed.",
                "Not a failure: all was submitted, and Windows owns its memory. Pop what came, and wait again.");
    }

    private static void win32(
            final Row row, final int error, final String name, final String meaning, final String advice) {
        row.add(HResult.ofWin32(error), name, meaning, advice);
    }
}
