package dev.ringflow.examples

import dev.ringflow.file.TransferResult
import java.io.IOException

/** What a transfer did, in lines for people. [done] says what was done, such as `copied and verified`. */
internal fun summary(done: String, where: String, driver: String, result: TransferResult): List<String> = buildList {
    val nanos = result.elapsed().toNanos()
    val rate = if (nanos == 0L) "" else "${formatSize(result.size() / (nanos / 1e9))}/s, "
    add("$done ${formatSize(result.size())} $where in ${formatNanos(nanos)} (${rate}driver $driver)")
    if (result.bytesKept() > 0) {
        add("${formatSize(result.bytesKept())} of it had come before, in a run that was interrupted")
    }
    if (result.bytesSkipped() > 0) {
        add("${formatSize(result.bytesSkipped())} of it are a hole")
    }
    add("${result.hash().algorithm()} tree ${result.hash().rootHex()}")
}

/** What is to be said of a name that may not survive. */
internal const val NAME_MAY_BE_LOST =
    "The name itself may not survive a power failure: this file system does not sync directories."

/** A failed write, told with what can be done about it; null if the failure speaks for itself. */
internal fun writeFailure(failure: IOException, target: Any): UserFailure? = when {
    isOutOfSpace(failure) -> UserFailure(
        "$target: no space left. What was written stays beside it, hidden, for the next try; free some space there," +
            " or choose another place.",
        failure
    )

    isTooLarge(failure) -> UserFailure(
        "$target: the file is larger than the limit of this process (ulimit -f) or the file system allows.",
        failure
    )

    else -> null
}
