package dev.ringflow.examples

import java.io.IOException
import java.nio.file.Files
import java.nio.file.Path

/**
 * A limit of the process or the system that matters to a ring.
 *
 * @property name as the system calls it
 * @property value for people
 * @property meaning what it means for a ring
 */
internal class Limit(val name: String, val value: String, val meaning: String)

/** Reads what Linux tells about the limits of this process. Elsewhere there is nothing to read, and nothing is told. */
internal class SystemLimits(private val proc: Path = Path.of("/proc")) {
    /** Bytes that may be locked, as for rings and registered buffers; null if unknown or unlimited. */
    val lockedMemory: Long? get() = limit("Max locked memory").toLongOrNull()

    /** Files and sockets that may be open; null if unknown or unlimited. */
    val openFiles: Long? get() = limit("Max open files").toLongOrNull()

    /** The value of the sysctl; null before Linux 6.6. */
    val ioUringDisabled: Int? get() = read("sys/kernel/io_uring_disabled").trim().toIntOrNull()

    /** 0 for none, 1 for strict, 2 for a filter as containers have it; null if unknown. */
    val seccompMode: Int?
        get() = read("self/status").lineSequence()
            .firstOrNull { it.startsWith("Seccomp:") }
            ?.substringAfter(':')?.trim()?.toIntOrNull()

    /** All of them, for people. */
    fun all(): List<Limit> = if (isWindows() || !Files.isReadable(proc.resolve("self/limits"))) {
        emptyList()
    } else {
        listOf(
            Limit(
                "RLIMIT_MEMLOCK",
                size(limit("Max locked memory")),
                "rings and registered buffers count against it (ulimit -l)"
            ),
            Limit("RLIMIT_NOFILE", limit("Max open files"), "files and sockets that may be open (ulimit -n)"),
            Limit("kernel.io_uring_disabled", ioUringDisabled?.toString() ?: "not there", disabledMeaning()),
            Limit("seccomp", seccompMode?.toString() ?: "unknown", seccompMeaning())
        )
    }

    private fun disabledMeaning() = when (ioUringDisabled) {
        0 -> "everybody may use io_uring"
        1 -> "only privileged users, and the group kernel.io_uring_group, may use io_uring"
        2 -> "nobody may use io_uring"
        else -> "the setting came with Linux 6.6"
    }

    private fun seccompMeaning() = when (seccompMode) {
        0 -> "no filter"
        1 -> "strict mode"
        2 -> "a filter is in force, which may refuse io_uring"
        else -> ""
    }

    /** The soft limit. */
    private fun limit(name: String): String = read("self/limits").lineSequence()
        .firstOrNull { it.startsWith(name) }
        ?.removePrefix(name)?.trim()?.substringBefore(' ')
        ?: "unknown"

    private fun size(limit: String) = limit.toLongOrNull()?.let(::formatSize) ?: limit

    private fun read(path: String): String = try {
        // under Wine a Windows JVM sees the directory, and its limits are not those of Windows
        if (isWindows()) "" else Files.readString(proc.resolve(path))
    } catch (_: IOException) {
        ""
    }
}
