package dev.ringflow.examples

import java.nio.charset.Charset

/** Whether standard output has [char]: what is no console has Windows' old code page there, which has no lines. */
internal fun canPrint(char: Char): Boolean = outputCharset().newEncoder().canEncode(char)

private fun outputCharset(): Charset {
    val name = System.getProperty("stdout.encoding") ?: System.getProperty("sun.stdout.encoding")
    return if (name == null) Charset.defaultCharset() else Charset.forName(name)
}
