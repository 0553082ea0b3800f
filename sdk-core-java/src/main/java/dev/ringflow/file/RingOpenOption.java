package dev.ringflow.file;

import java.nio.file.OpenOption;

/**
 * Ways to open a file that {@link java.nio.file.StandardOpenOption} does not have. A driver that cannot do one refuses
 * to open the file with {@link UnsupportedOperationException}; none is ever left out quietly.
 */
public enum RingOpenOption implements OpenOption {
    /**
     * Transfers bypass the system's page cache ({@code O_DIRECT} of open(2)): addresses, positions and lengths must be
     * multiples of what the device asks for, mostly 512 or 4096 bytes, and a transfer that is not aligned fails. The
     * JDK's {@code com.sun.nio.file.ExtendedOpenOption.DIRECT} means the same, and is taken as well. A file system
     * without it refuses to open the file. On the nio driver the JDK must have that option (module
     * {@code jdk.unsupported}).
     */
    DIRECT_IO,
    /**
     * The file gets a slot in the ring's own table instead of a file descriptor of the process: operations spare the
     * kernel the look-up, and the process's limit of descriptors does not count. Linux 5.19 or later; ask
     * {@link dev.ringflow.Capabilities#support} for {@link dev.ringflow.spi.OpCode#OPEN_DIRECT}. The nio driver has no
     * such table. {@link dev.ringflow.RingOptions#fileTable()} says how many such files may be open at once. What the
     * system knows of such a file ({@code statAsync}, {@code sizeAsync}) can be asked for from Linux 6.8 on. On Windows the
     * table is that of an I/O ring; each change of it registers the whole table again, together with others that came
     * meanwhile, and the process has a handle for each file beside it, so that every operation can be had.
     */
    DIRECT_DESCRIPTOR,
    /**
     * The path must lead to a directory, or opening fails with {@link java.nio.file.NotDirectoryException}
     * ({@code O_DIRECTORY} of open(2)). An open directory can be synced, and can be where a restricted path starts
     * from.
     */
    DIRECTORY
}
