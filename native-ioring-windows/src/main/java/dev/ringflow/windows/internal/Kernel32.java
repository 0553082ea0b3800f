package dev.ringflow.windows.internal;

import jnr.ffi.LastError;
import jnr.ffi.Pointer;
import jnr.ffi.Runtime;
import jnr.ffi.annotations.LongLong;
import jnr.ffi.annotations.SaveError;
import org.jspecify.annotations.Nullable;

/**
 * The functions of kernel32 that the Windows packages need. Each returns its result (0 where Windows has only "it
 * worked"), or the negated Win32 error code when it failed, so that no caller has to ask for the last error. Handles and
 * addresses are positive.
 *
 * <p>The library is loaded at the first use of this class: {@code kernel32}, or what the system property
 * {@value #LIBRARY_PROPERTY} names. Where it cannot be loaded, {@link #failure()} says why, and every function throws
 * {@link IllegalStateException}.
 *
 * <p>Safe for use by any thread.
 */
public final class Kernel32 {
    /** System property: a library to load in place of {@code kernel32}. */
    public static final String LIBRARY_PROPERTY = "ringflow.windows.kernel32";

    /** {@code INVALID_HANDLE_VALUE}. */
    public static final long INVALID_HANDLE_VALUE = -1;

    /** {@code INFINITE}: a wait without end. */
    public static final int INFINITE = -1;

    /** {@code WAIT_OBJECT_0}: what was waited for happened; with several handles, plus the index of the first. */
    public static final int WAIT_OBJECT_0 = 0;

    /** {@code WAIT_TIMEOUT}: the time is up. */
    public static final int WAIT_TIMEOUT = 258;

    /** {@code GENERIC_READ}. */
    public static final int GENERIC_READ = 0x8000_0000;

    /** {@code GENERIC_WRITE}. */
    public static final int GENERIC_WRITE = 0x4000_0000;

    /** {@code FILE_SHARE_READ}. */
    public static final int FILE_SHARE_READ = 1;

    /** {@code FILE_SHARE_WRITE}. */
    public static final int FILE_SHARE_WRITE = 2;

    /** {@code FILE_SHARE_DELETE}. */
    public static final int FILE_SHARE_DELETE = 4;

    /** {@code CREATE_NEW}. */
    public static final int CREATE_NEW = 1;

    /** {@code CREATE_ALWAYS}. */
    public static final int CREATE_ALWAYS = 2;

    /** {@code OPEN_EXISTING}. */
    public static final int OPEN_EXISTING = 3;

    /** {@code OPEN_ALWAYS}. */
    public static final int OPEN_ALWAYS = 4;

    /** {@code TRUNCATE_EXISTING}. */
    public static final int TRUNCATE_EXISTING = 5;

    /** {@code FILE_FLAG_OVERLAPPED}. */
    public static final int FILE_FLAG_OVERLAPPED = 0x4000_0000;

    /** {@code FILE_FLAG_NO_BUFFERING}. */
    public static final int FILE_FLAG_NO_BUFFERING = 0x2000_0000;

    /** {@code FILE_FLAG_WRITE_THROUGH}. */
    public static final int FILE_FLAG_WRITE_THROUGH = 0x8000_0000;

    /** {@code FILE_FLAG_OPEN_REPARSE_POINT}: opens a symbolic link itself. */
    public static final int FILE_FLAG_OPEN_REPARSE_POINT = 0x0020_0000;

    /** {@code FILE_FLAG_BACKUP_SEMANTICS}: opens directories, too. */
    public static final int FILE_FLAG_BACKUP_SEMANTICS = 0x0200_0000;

    /** {@code PIPE_ACCESS_INBOUND}: the end that made the pipe reads. */
    public static final int PIPE_ACCESS_INBOUND = 1;

    private static final int FILE_FLAG_FIRST_PIPE_INSTANCE = 0x0008_0000;
    private static final int PIPE_REJECT_REMOTE_CLIENTS = 8;

    /** {@code MEM_COMMIT}. */
    public static final int MEM_COMMIT = 0x1000;

    /** {@code MEM_RESERVE}. */
    public static final int MEM_RESERVE = 0x2000;

    /** {@code MEM_RELEASE}. */
    public static final int MEM_RELEASE = 0x8000;

    /** {@code MEM_RESET}: what is in the pages is of no interest any more. */
    public static final int MEM_RESET = 0x0008_0000;

    /** {@code PAGE_READWRITE}. */
    public static final int PAGE_READWRITE = 4;

    /** {@code FILE_SKIP_COMPLETION_PORT_ON_SUCCESS}. */
    public static final int FILE_SKIP_COMPLETION_PORT_ON_SUCCESS = 1;

    /** {@code FILE_SKIP_SET_EVENT_ON_HANDLE}. */
    public static final int FILE_SKIP_SET_EVENT_ON_HANDLE = 2;

    /** {@code ERROR_GEN_FAILURE}: stands in where a function failed without an error code. */
    private static final int ERROR_GEN_FAILURE = 31;

    /** {@code FileEndOfFileInfo} of {@code FILE_INFO_BY_HANDLE_CLASS}. */
    private static final int FILE_END_OF_FILE_INFO = 6;

    private static final long CURRENT_PROCESS = -1;

    private Kernel32() {}

    /**
     * Why the library cannot be called from this process.
     *
     * @return the failure, or null when all is well
     */
    public static @Nullable Throwable failure() {
        return Native.FAILURE;
    }

    /**
     * The functions as JNR-FFI binds them. Public because JNR-FFI implements it in a module of its own. Handles, addresses
     * and sizes are {@code @LongLong}: a {@code long} without has 32 bits on Windows.
     */
    public interface Calls {
        /** {@code CreateFileW}. */
        @SaveError
        @LongLong
        long CreateFileW(
                @LongLong long name,
                int access,
                int share,
                @LongLong long security,
                int disposition,
                int flags,
                @LongLong long template);

        /** {@code CloseHandle}. */
        @SaveError
        int CloseHandle(@LongLong long handle);

        /** {@code CreateEventW}. */
        @SaveError
        @LongLong
        long CreateEventW(@LongLong long security, int manualReset, int initialState, @LongLong long name);

        /** {@code SetEvent}. */
        @SaveError
        int SetEvent(@LongLong long event);

        /** {@code ResetEvent}. */
        @SaveError
        int ResetEvent(@LongLong long event);

        /** {@code WaitForSingleObject}. */
        @SaveError
        int WaitForSingleObject(@LongLong long handle, int milliseconds);

        /** {@code WaitForMultipleObjects}. */
        @SaveError
        int WaitForMultipleObjects(int count, @LongLong long handles, int all, int milliseconds);

        /** {@code VirtualAlloc}. */
        @SaveError
        @LongLong
        long VirtualAlloc(@LongLong long address, @LongLong long size, int type, int protection);

        /** {@code VirtualFree}. */
        @SaveError
        int VirtualFree(@LongLong long address, @LongLong long size, int type);

        /** {@code CreateFileMappingW}; six parameters, so one of them is an object. */
        @SaveError
        @LongLong
        long CreateFileMappingW(
                @LongLong long file,
                @LongLong long security,
                int protection,
                int sizeHigh,
                int sizeLow,
                @Nullable Pointer name);

        /** {@code UnmapViewOfFile}. */
        @SaveError
        int UnmapViewOfFile(@LongLong long address);

        /** {@code CreateNamedPipeW}. */
        @SaveError
        @LongLong
        long CreateNamedPipeW(
                @LongLong long name,
                int openMode,
                int pipeMode,
                int instances,
                int outBuffer,
                int inBuffer,
                int timeout,
                @LongLong long security);

        /** {@code CreateIoCompletionPort}. */
        @SaveError
        @LongLong
        long CreateIoCompletionPort(@LongLong long file, @LongLong long existing, @LongLong long key, int threads);

        /** {@code GetQueuedCompletionStatusEx}; six parameters, so one of them is an object. */
        @SaveError
        int GetQueuedCompletionStatusEx(
                @LongLong long port,
                @LongLong long entries,
                int count,
                Pointer removed,
                int milliseconds,
                int alertable);

        /** {@code PostQueuedCompletionStatus}. */
        @SaveError
        int PostQueuedCompletionStatus(@LongLong long port, int bytes, @LongLong long key, @LongLong long overlapped);

        /** {@code SetFileCompletionNotificationModes}. */
        @SaveError
        int SetFileCompletionNotificationModes(@LongLong long handle, byte flags);

        /** {@code CancelIoEx}. */
        @SaveError
        int CancelIoEx(@LongLong long handle, @LongLong long overlapped);

        /** {@code ReadFile}. */
        @SaveError
        int ReadFile(
                @LongLong long handle,
                @LongLong long buffer,
                int bytes,
                @LongLong long transferred,
                @LongLong long overlapped);

        /** {@code WriteFile}. */
        @SaveError
        int WriteFile(
                @LongLong long handle,
                @LongLong long buffer,
                int bytes,
                @LongLong long transferred,
                @LongLong long overlapped);

        /** {@code GetOverlappedResult}. */
        @SaveError
        int GetOverlappedResult(@LongLong long handle, @LongLong long overlapped, @LongLong long transferred, int wait);

        /** {@code FlushFileBuffers}. */
        @SaveError
        int FlushFileBuffers(@LongLong long handle);

        /** {@code GetFileSizeEx}. */
        @SaveError
        int GetFileSizeEx(@LongLong long handle, @LongLong long size);

        /** {@code GetFileInformationByHandle}. */
        @SaveError
        int GetFileInformationByHandle(@LongLong long handle, @LongLong long information);

        /** {@code SetFileInformationByHandle}. */
        @SaveError
        int SetFileInformationByHandle(
                @LongLong long handle, int informationClass, @LongLong long information, int size);

        /** {@code GetProcessHandleCount}. */
        @SaveError
        int GetProcessHandleCount(@LongLong long process, @LongLong long count);
    }

    private static final class Native {
        static final @Nullable Calls CALLS;
        static final @Nullable Runtime RUNTIME;
        static final @Nullable Throwable FAILURE;

        static {
            Calls calls = null;
            Runtime runtime = null;
            Throwable failure = null;
            try {
                calls = Libraries.load(Calls.class, Libraries.locate(LIBRARY_PROPERTY, "kernel32"));
                runtime = Runtime.getRuntime(calls);
            } catch (final RuntimeException | LinkageError e) {
                failure = e;
            }
            CALLS = calls;
            RUNTIME = runtime;
            FAILURE = failure;
        }
    }

    private static Calls calls() {
        final Calls calls = Native.CALLS;
        if (calls == null) {
            throw new IllegalStateException("kernel32 cannot be called: " + Native.FAILURE, Native.FAILURE);
        }
        return calls;
    }

    private static int failed() {
        final int error = LastError.getLastError(Native.RUNTIME);
        return error > 0 ? -error : -ERROR_GEN_FAILURE;
    }

    private static int worked(final int answer) {
        return answer != 0 ? 0 : failed();
    }

    private static long handle(final long handle) {
        return handle != 0 && handle != INVALID_HANDLE_VALUE ? handle : failed();
    }

    /**
     * An address as the one function wants it that takes six parameters.
     *
     * @param address any address
     * @return a pointer, to be kept and used again
     */
    public static Pointer pointer(final long address) {
        calls();
        return Pointer.wrap(Native.RUNTIME, address);
    }

    /**
     * {@code CreateFileW}.
     *
     * @param name address of the name in UTF-16
     * @param access {@code GENERIC_} and other access rights
     * @param share {@code FILE_SHARE_} flags
     * @param disposition {@link #CREATE_NEW} and its like
     * @param flags attributes and {@code FILE_FLAG_}s
     * @return the handle, or the negated error
     */
    public static long createFile(
            final long name, final int access, final int share, final int disposition, final int flags) {
        return handle(calls().CreateFileW(name, access, share, 0, disposition, flags, 0));
    }

    /**
     * {@code CloseHandle}.
     *
     * @param handle any handle but a socket's or an I/O ring's
     * @return 0, or the negated error
     */
    public static int closeHandle(final long handle) {
        return worked(calls().CloseHandle(handle));
    }

    /**
     * {@code CreateEventW}, without a name.
     *
     * @param manualReset whether it stays set until it is reset; otherwise one waiter resets it
     * @param initialState whether it is set from the beginning
     * @return the handle, or the negated error
     */
    public static long createEvent(final boolean manualReset, final boolean initialState) {
        return handle(calls().CreateEventW(0, manualReset ? 1 : 0, initialState ? 1 : 0, 0));
    }

    /**
     * {@code SetEvent}.
     *
     * @param event an event
     * @return 0, or the negated error
     */
    public static int setEvent(final long event) {
        return worked(calls().SetEvent(event));
    }

    /**
     * {@code ResetEvent}.
     *
     * @param event an event
     * @return 0, or the negated error
     */
    public static int resetEvent(final long event) {
        return worked(calls().ResetEvent(event));
    }

    /**
     * {@code WaitForSingleObject}.
     *
     * @param handle what to wait for
     * @param milliseconds at most so long; {@link #INFINITE}
     * @return {@link #WAIT_OBJECT_0}, {@link #WAIT_TIMEOUT}, or the negated error
     */
    public static int waitForSingleObject(final long handle, final int milliseconds) {
        final int answer = calls().WaitForSingleObject(handle, milliseconds);
        return answer != -1 ? answer : failed();
    }

    /**
     * {@code WaitForMultipleObjects}.
     *
     * @param count number of handles, 1 to 64
     * @param handles address of an array of handles
     * @param all whether to wait for all of them; otherwise for any
     * @param milliseconds at most so long; {@link #INFINITE}
     * @return {@link #WAIT_OBJECT_0} plus the index, {@link #WAIT_TIMEOUT}, or the negated error
     */
    public static int waitForMultipleObjects(
            final int count, final long handles, final boolean all, final int milliseconds) {
        final int answer = calls().WaitForMultipleObjects(count, handles, all ? 1 : 0, milliseconds);
        return answer != -1 ? answer : failed();
    }

    /**
     * {@code VirtualAlloc}: zeroed pages.
     *
     * @param address where, or 0
     * @param size in bytes
     * @param type {@link #MEM_RESERVE} and {@link #MEM_COMMIT}
     * @param protection {@link #PAGE_READWRITE} and its like
     * @return the address, or the negated error
     */
    public static long virtualAlloc(final long address, final long size, final int type, final int protection) {
        final long answer = calls().VirtualAlloc(address, size, type, protection);
        return answer != 0 ? answer : failed();
    }

    /**
     * {@code VirtualFree}.
     *
     * @param address where
     * @param size in bytes; 0 with {@link #MEM_RELEASE}
     * @param type {@link #MEM_RELEASE} and its like
     * @return 0, or the negated error
     */
    public static int virtualFree(final long address, final long size, final int type) {
        return worked(calls().VirtualFree(address, size, type));
    }

    /**
     * {@code CreateFileMappingW} of zeroed memory that has no name and no file.
     *
     * @param size in bytes
     * @return the handle of the section, or the negated error
     */
    public static long createFileMapping(final long size) {
        return handle(calls().CreateFileMappingW(
                        INVALID_HANDLE_VALUE, 0, PAGE_READWRITE, (int) (size >>> Integer.SIZE), (int) size, null));
    }

    /**
     * {@code UnmapViewOfFile}.
     *
     * @param address where the view begins
     * @return 0, or the negated error
     */
    public static int unmapViewOfFile(final long address) {
        return worked(calls().UnmapViewOfFile(address));
    }

    /**
     * {@code CreateNamedPipeW}: one end of a pipe of bytes, of which there is one only, which nobody inherits, and which
     * other machines cannot open.
     *
     * @param name address of the name in UTF-16
     * @param openMode {@link #PIPE_ACCESS_INBOUND} and {@code FILE_FLAG_}s
     * @param buffer how many bytes it should hold
     * @return the handle, or the negated error
     */
    public static long createNamedPipe(final long name, final int openMode, final int buffer) {
        return handle(calls().CreateNamedPipeW(
                        name,
                        openMode | FILE_FLAG_FIRST_PIPE_INSTANCE,
                        PIPE_REJECT_REMOTE_CLIENTS,
                        1,
                        buffer,
                        buffer,
                        0,
                        0));
    }

    /**
     * {@code CreateIoCompletionPort}: makes a port, or binds a file or socket to one.
     *
     * @param file what to bind, or {@link #INVALID_HANDLE_VALUE} for a port without
     * @param existing the port, or 0 for a new one
     * @param key comes with the completions of that file
     * @param threads how many threads may run at once; 0 for as many as there are processors
     * @return the port, or the negated error
     */
    public static long createIoCompletionPort(final long file, final long existing, final long key, final int threads) {
        return handle(calls().CreateIoCompletionPort(file, existing, key, threads));
    }

    /**
     * {@code GetQueuedCompletionStatusEx}.
     *
     * @param port the port
     * @param entries address of an array of {@code OVERLAPPED_ENTRY}
     * @param count its length
     * @param removed {@link #pointer} to 32 bits that receive how many came
     * @param milliseconds at most so long; {@link #INFINITE}
     * @return 0, or the negated error; {@code -WAIT_TIMEOUT} if none came
     */
    public static int getQueuedCompletionStatusEx(
            final long port, final long entries, final int count, final Pointer removed, final int milliseconds) {
        final Calls calls = calls();
        final NativeFunction function = FrequentCalls.GET_QUEUED_COMPLETION_STATUS_EX;
        return worked(
                function == null
                        ? calls.GetQueuedCompletionStatusEx(port, entries, count, removed, milliseconds, 0)
                        : (int) function.call(port, entries, count, removed.address(), milliseconds, 0));
    }

    /**
     * {@code PostQueuedCompletionStatus}.
     *
     * @param port the port
     * @param bytes comes out as it went in
     * @param key comes out as it went in
     * @param overlapped comes out as it went in
     * @return 0, or the negated error
     */
    public static int postQueuedCompletionStatus(
            final long port, final int bytes, final long key, final long overlapped) {
        final Calls calls = calls();
        final NativeFunction function = FrequentCalls.POST_QUEUED_COMPLETION_STATUS;
        return worked(
                function == null
                        ? calls.PostQueuedCompletionStatus(port, bytes, key, overlapped)
                        : (int) function.call(port, bytes, key, overlapped));
    }

    /**
     * {@code SetFileCompletionNotificationModes}.
     *
     * @param handle a file or a socket
     * @param flags {@code FILE_SKIP_} flags
     * @return 0, or the negated error
     */
    public static int setFileCompletionNotificationModes(final long handle, final int flags) {
        return worked(calls().SetFileCompletionNotificationModes(handle, (byte) flags));
    }

    /**
     * {@code CancelIoEx}.
     *
     * @param handle a file or a socket
     * @param overlapped which request, or 0 for all
     * @return 0, or the negated error; {@code -ERROR_NOT_FOUND} (-1168) if there was none
     */
    public static int cancelIoEx(final long handle, final long overlapped) {
        return worked(calls().CancelIoEx(handle, overlapped));
    }

    /**
     * {@code ReadFile}.
     *
     * @param handle a file
     * @param buffer address of the memory
     * @param bytes at most so many
     * @param transferred address of 32 bits for the number of bytes, or 0
     * @param overlapped address of an {@code OVERLAPPED}, or 0
     * @return 0, or the negated error; {@code -ERROR_IO_PENDING} (-997) if it goes on
     */
    public static int readFile(
            final long handle, final long buffer, final int bytes, final long transferred, final long overlapped) {
        final Calls calls = calls();
        final NativeFunction function = FrequentCalls.READ_FILE;
        return worked(
                function == null
                        ? calls.ReadFile(handle, buffer, bytes, transferred, overlapped)
                        : (int) function.call(handle, buffer, bytes, transferred, overlapped));
    }

    /**
     * {@code WriteFile}.
     *
     * @param handle a file
     * @param buffer address of the memory
     * @param bytes so many
     * @param transferred address of 32 bits for the number of bytes, or 0
     * @param overlapped address of an {@code OVERLAPPED}, or 0
     * @return 0, or the negated error; {@code -ERROR_IO_PENDING} (-997) if it goes on
     */
    public static int writeFile(
            final long handle, final long buffer, final int bytes, final long transferred, final long overlapped) {
        final Calls calls = calls();
        final NativeFunction function = FrequentCalls.WRITE_FILE;
        return worked(
                function == null
                        ? calls.WriteFile(handle, buffer, bytes, transferred, overlapped)
                        : (int) function.call(handle, buffer, bytes, transferred, overlapped));
    }

    /**
     * {@code GetOverlappedResult}.
     *
     * @param handle a file or a socket
     * @param overlapped address of the request's {@code OVERLAPPED}
     * @param transferred address of 32 bits for the number of bytes
     * @param wait whether to wait for the end
     * @return 0, or the negated error; {@code -ERROR_IO_INCOMPLETE} (-996) if it goes on
     */
    public static int getOverlappedResult(
            final long handle, final long overlapped, final long transferred, final boolean wait) {
        return worked(calls().GetOverlappedResult(handle, overlapped, transferred, wait ? 1 : 0));
    }

    /**
     * {@code FlushFileBuffers}.
     *
     * @param handle a file
     * @return 0, or the negated error
     */
    public static int flushFileBuffers(final long handle) {
        return worked(calls().FlushFileBuffers(handle));
    }

    /**
     * {@code GetFileSizeEx}.
     *
     * @param handle a file
     * @param size address of 64 bits that receive the size
     * @return 0, or the negated error
     */
    public static int getFileSizeEx(final long handle, final long size) {
        return worked(calls().GetFileSizeEx(handle, size));
    }

    /**
     * {@code GetFileInformationByHandle}.
     *
     * @param handle a file or a directory
     * @param information address of a {@code BY_HANDLE_FILE_INFORMATION}, 52 bytes
     * @return 0, or the negated error
     */
    public static int getFileInformation(final long handle, final long information) {
        return worked(calls().GetFileInformationByHandle(handle, information));
    }

    /**
     * {@code SetFileInformationByHandle} with {@code FileEndOfFileInfo}: cuts a file, or makes it longer by zeros.
     *
     * @param handle a file
     * @param size address of 64 bits with the new size
     * @return 0, or the negated error
     */
    public static int setEndOfFile(final long handle, final long size) {
        return worked(calls().SetFileInformationByHandle(handle, FILE_END_OF_FILE_INFO, size, Long.BYTES));
    }

    /**
     * {@code GetProcessHandleCount} of this process.
     *
     * @param count address of 32 bits that receive the number of open handles
     * @return 0, or the negated error
     */
    public static int getProcessHandleCount(final long count) {
        return worked(calls().GetProcessHandleCount(CURRENT_PROCESS, count));
    }
}
