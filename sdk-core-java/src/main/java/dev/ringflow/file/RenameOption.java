package dev.ringflow.file;

/** What {@link RingFileSystem#renameAsync} does about a file that has the new name already. */
public enum RenameOption {
    /**
     * Fails with {@link java.nio.file.FileAlreadyExistsException}; see {@code RENAME_NOREPLACE} of renameat2(2). On Linux
     * that is one step. On the nio driver it is two: a regular file has both names for a moment, and a directory or
     * symbolic link may replace what gets the name between the look and the renaming.
     */
    NO_REPLACE
}
