package dev.ringflow.windows.internal;

/**
 * The build functions of one ring that take references, whichever way the machine passes those. The order of parameters is
 * that of Windows, with a kind and a value for each reference.
 *
 * <p>A function that this version of Windows lacks throws {@link UnsatisfiedLinkError}. Not safe for use by several threads.
 */
public abstract class IoRingEntries {
    IoRingEntries() {}

    /**
     * {@code BuildIoRingReadFile}.
     *
     * @param fileKind whether the file is a handle or an index
     * @param file the handle or index
     * @param dataKind whether the memory is an address or an index with an offset
     * @param data the address, or index and offset in one word
     * @param bytes at most so many
     * @param offset position in the file
     * @param userData comes back with the completion
     * @param flags of the entry
     * @return the HRESULT
     */
    public abstract int readFile(
            int fileKind, long file, int dataKind, long data, int bytes, long offset, long userData, int flags);

    /**
     * {@code BuildIoRingWriteFile}.
     *
     * @param fileKind whether the file is a handle or an index
     * @param file the handle or index
     * @param dataKind whether the memory is an address or an index with an offset
     * @param data the address, or index and offset in one word
     * @param bytes so many
     * @param offset position in the file
     * @param writeFlags of the write
     * @param userData comes back with the completion
     * @param flags of the entry
     * @return the HRESULT
     */
    public abstract int writeFile(
            int fileKind,
            long file,
            int dataKind,
            long data,
            int bytes,
            long offset,
            int writeFlags,
            long userData,
            int flags);

    /**
     * {@code BuildIoRingFlushFile}.
     *
     * @param fileKind whether the file is a handle or an index
     * @param file the handle or index
     * @param mode what to flush
     * @param userData comes back with the completion
     * @param flags of the entry
     * @return the HRESULT
     */
    public abstract int flushFile(int fileKind, long file, int mode, long userData, int flags);

    /**
     * {@code BuildIoRingReadFileScatter}.
     *
     * @param fileKind whether the file is a handle or an index
     * @param file the handle or index
     * @param count number of segments
     * @param segments address of the segments
     * @param bytes at most so many
     * @param offset position in the file
     * @param userData comes back with the completion
     * @param flags of the entry
     * @return the HRESULT
     */
    public abstract int readFileScatter(
            int fileKind, long file, int count, long segments, int bytes, long offset, long userData, int flags);

    /**
     * {@code BuildIoRingWriteFileGather}.
     *
     * @param fileKind whether the file is a handle or an index
     * @param file the handle or index
     * @param count number of segments
     * @param segments address of the segments
     * @param bytes so many
     * @param offset position in the file
     * @param writeFlags of the write
     * @param userData comes back with the completion
     * @param flags of the entry
     * @return the HRESULT
     */
    public abstract int writeFileGather(
            int fileKind,
            long file,
            int count,
            long segments,
            int bytes,
            long offset,
            int writeFlags,
            long userData,
            int flags);

    /**
     * {@code BuildIoRingCancelRequest}.
     *
     * @param fileKind whether the file is a handle or an index
     * @param file the handle or index
     * @param opToCancel user data of what to cancel; 0 for all of the file, in the whole process
     * @param userData comes back with the completion
     * @return the HRESULT
     */
    public abstract int cancelRequest(int fileKind, long file, long opToCancel, long userData);
}
