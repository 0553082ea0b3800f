package dev.ringflow.examples

/** Writes maps, lists, strings, numbers, booleans and null as JSON, indented. */
internal object Json {
    private const val INDENT = "  "
    private const val FIRST_PRINTABLE = ' '

    fun write(value: Any?): String = StringBuilder().also { write(value, "\n", it) }.toString()

    private fun write(value: Any?, newLine: String, to: StringBuilder) {
        when (value) {
            is Map<*, *> -> block('{', '}', value.entries, newLine, to) { (name, content) ->
                quote(name.toString(), to)
                to.append(": ")
                write(content, newLine + INDENT, to)
            }

            is Collection<*> -> block('[', ']', value, newLine, to) { write(it, newLine + INDENT, to) }

            is Number, is Boolean, null -> to.append(value)

            else -> quote(value.toString(), to)
        }
    }

    private fun <T> block(
        open: Char,
        close: Char,
        items: Collection<T>,
        newLine: String,
        to: StringBuilder,
        item: (T) -> Unit
    ) {
        to.append(open)
        items.forEachIndexed { i, each ->
            to.append(if (i == 0) "" else ",").append(newLine).append(INDENT)
            item(each)
        }
        to.append(if (items.isEmpty()) "" else newLine).append(close)
    }

    private fun quote(text: String, to: StringBuilder) {
        to.append('"')
        for (char in text) {
            when {
                char == '"' || char == '\\' -> to.append('\\').append(char)
                char == '\n' -> to.append("\\n")
                char < FIRST_PRINTABLE -> to.append("\\u%04x".format(char.code))
                else -> to.append(char)
            }
        }
        to.append('"')
    }
}
