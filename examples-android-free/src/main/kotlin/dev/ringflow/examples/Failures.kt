package dev.ringflow.examples

import dev.ringflow.RingException
import java.io.IOException
import java.nio.file.AccessDeniedException
import java.nio.file.DirectoryNotEmptyException
import java.nio.file.FileAlreadyExistsException
import java.nio.file.FileSystemException
import java.nio.file.FileSystemLoopException
import java.nio.file.NoSuchFileException
import java.nio.file.NotDirectoryException
import kotlin.coroutines.cancellation.CancellationException

/** A failure whose message is the whole story for a person: what failed, on what, why, and what to do. */
internal class UserFailure(message: String, cause: Throwable? = null) : IOException(message, cause)

/** One line for a person. */
internal fun explain(failure: Throwable): String = when (failure) {
    is UserFailure -> failure.message.orEmpty()
    is NoSuchFileException -> "${failure.file}: no such file or directory"
    is AccessDeniedException -> "${failure.file}: permission denied"
    is FileAlreadyExistsException -> "${failure.file}: exists already"
    is NotDirectoryException -> "${failure.file}: not a directory"
    is DirectoryNotEmptyException -> "${failure.file}: the directory is not empty"
    is FileSystemLoopException -> "${failure.file}: symbolic links lead in a circle"
    is FileSystemException -> failure.message ?: "${failure.file}: failed"
    is CancellationException -> "interrupted"
    else -> failure.message?.takeIf { it.isNotBlank() } ?: failure.javaClass.simpleName
}

/** Whether a write failed for want of space: the disk is full, or the user's quota is used up. */
internal fun isOutOfSpace(failure: Throwable): Boolean =
    hasCode(failure, "ENOSPC", "EDQUOT", "ERROR_DISK_FULL", "ERROR_HANDLE_DISK_FULL") ||
        says(failure, "No space left on device", "Disk quota exceeded", "not enough space on the disk")

/** Whether a write failed because the file would be larger than the limit or the file system allows. */
internal fun isTooLarge(failure: Throwable): Boolean = hasCode(failure, "EFBIG", "ERROR_FILE_TOO_LARGE") ||
    says(failure, "File too large")

private fun hasCode(failure: Throwable, vararg names: String): Boolean =
    failure is RingException && failure.codeName() in names

// the JDK keeps no error number, only the C library's words
private fun says(failure: Throwable, vararg words: String): Boolean =
    failure is IOException && words.any { failure.message.orEmpty().contains(it) }
