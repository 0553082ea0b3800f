package dev.ringflow.docs

import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.shouldBe

class HighlighterTest :
    FunSpec({
        test("words, strings, numbers and comments are told apart") {
            Highlighter.html("java", "int n = 42; // the \"answer\"") shouldBe
                "<span class=\"keyword\">int</span> n = <span class=\"number\">42</span>; " +
                "<span class=\"comment\">// the &quot;answer&quot;</span>"
        }

        test("a keyword within a word or a string, or behind a dot, is not one") {
            Highlighter.html("java", "Ring.open()") shouldBe "Ring.open()"
            Highlighter.html("kotlin", "interval(\"for\")") shouldBe
                "interval(<span class=\"string\">&quot;for&quot;</span>)"
        }

        test("other languages are only escaped") {
            Highlighter.html("xml", "<a>if</a>") shouldBe "&lt;a&gt;if&lt;/a&gt;"
        }
    })
