package dev.ringflow.file;

/**
 * What direct I/O on a file has to be a multiple of; see statx(2), {@code STATX_DIOALIGN}. Positions and lengths are
 * measured alike.
 *
 * @param memory bytes that the address of the memory is a multiple of; 0 where the file cannot do direct I/O at all
 * @param position bytes that position and length are multiples of; 0 where the file cannot do direct I/O at all
 */
public record DirectIoAlignment(int memory, int position) {
    /**
     * Whether the file can do direct I/O, as far as the system tells.
     *
     * @return false only if the system says that it cannot
     */
    public boolean isSupported() {
        return memory > 0 && position > 0;
    }
}
