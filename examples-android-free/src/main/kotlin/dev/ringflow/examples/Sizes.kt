package dev.ringflow.examples

import java.util.Locale

private val UNITS = listOf("B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB")
private val SIZE = Regex("""(\d+)\s*([kmgt]?)(i?b)?""", RegexOption.IGNORE_CASE)
private const val STEP = 1024

/** Reads a size such as `4096`, `256k`, `256KiB` or `1G`; null if it is none. All units are powers of 1024. */
internal fun parseSize(text: String): Long? {
    val (digits, unit) = SIZE.matchEntire(text.trim())?.destructured ?: return null
    val shift = 10 * "kmgt".indexOf(unit.lowercase()).plus(if (unit.isEmpty()) 0 else 1)
    val number = digits.toLongOrNull() ?: return null
    return if (number > Long.MAX_VALUE shr shift) null else number shl shift
}

/** A size for people: `0 B`, `4.0 KiB`, `256 MiB`. */
internal fun formatSize(bytes: Double): String {
    var value = bytes
    var unit = 0
    while (value >= STEP && unit < UNITS.lastIndex) {
        value /= STEP
        unit++
    }
    val digits = if (unit == 0 || value >= 100 || value % 1.0 == 0.0) 0 else 1
    return String.format(Locale.ROOT, "%.${digits}f %s", value, UNITS[unit])
}

internal fun formatSize(bytes: Long): String = formatSize(bytes.toDouble())

/** A count for people: `100,000`. */
internal fun formatCount(count: Long): String = String.format(Locale.ROOT, "%,d", count)

/** A time for people: `870 ms`, `12.3 s`. */
internal fun formatNanos(nanos: Long): String {
    val millis = nanos / 1e6
    return when {
        millis < 10 -> String.format(Locale.ROOT, "%.2f ms", millis)
        millis < 1000 -> String.format(Locale.ROOT, "%.0f ms", millis)
        else -> String.format(Locale.ROOT, "%.2f s", millis / 1000)
    }
}
