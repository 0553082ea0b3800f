package dev.ringflow.examples

import com.github.ajalt.clikt.parameters.options.NullableOption
import com.github.ajalt.clikt.parameters.options.RawOption
import com.github.ajalt.clikt.parameters.options.convert

/** An option whose value is a size in [range], such as `256k`. */
internal fun RawOption.size(range: LongRange): NullableOption<Long, Long> = convert("SIZE") { text ->
    val bytes =
        parseSize(text) ?: fail("\"$text\" is not a size. Write a number of bytes, or one such as 64k, 256M, 1G.")
    if (bytes !in range) {
        fail("$text is out of range: from ${formatSize(range.first)} to ${formatSize(range.last)}")
    }
    bytes
}
