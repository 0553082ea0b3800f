package dev.ringflow.docs

/** Colours Kotlin and Java for the page, without a script in the reader's browser. */
object Highlighter {
    fun html(language: String, code: String): String {
        if (language !in LANGUAGES) return escape(code)
        val html = StringBuilder()
        var end = 0
        for (token in TOKEN.findAll(code)) {
            html.append(escape(code.substring(end, token.range.first)))
            html.append("<span class=\"${kind(token)}\">${escape(token.value)}</span>")
            end = token.range.last + 1
        }
        return html.append(escape(code.substring(end))).toString()
    }

    fun escape(text: String): String =
        text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\"", "&quot;")

    private fun kind(token: MatchResult) = KINDS.first { token.groups[it] != null }

    private val LANGUAGES = setOf("kotlin", "java")
    private val KINDS = listOf("comment", "string", "annotation", "number", "keyword")

    private val KEYWORDS =
        """
        abstract as boolean break by byte case catch char class companion const continue data default do double else
        enum extends false final finally float for fun if implements import in instanceof int interface internal is
        long new null object open override package private protected public record return sealed short static super
        suspend switch synchronized this throw throws true try val var void volatile when while
        """.trimIndent().split(Regex("\\s+")).joinToString("|")

    private val TOKEN =
        Regex(
            """(?<comment>//[^\n]*|/\*[\s\S]*?\*/)|(?<string>"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])+')""" +
                """|(?<annotation>@\w+)|(?<number>\b\d[\d_]*[lL]?\b)|(?<keyword>(?<![.\w])(?:$KEYWORDS)\b)"""
        )
}
