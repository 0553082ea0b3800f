package dev.ringflow.docs

import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain

class ApiLinksTest :
    FunSpec({
        val links =
            ApiLinks(
                mapOf(
                    "dev.ringflow.Ring" to "ring.html",
                    "dev.ringflow.Ring.open" to "ring-open.html",
                    "dev.ringflow.uring.Uring.open" to "uring-open.html",
                    "dev.ringflow.file.RingFile.open" to "file-open.html"
                )
            )

        test("a name is the end of a qualified name, at a dot") {
            links.expand("[[Ring]] and [[RingFile.open]]", base = "") shouldBe
                "[`Ring`](api/ring.html) and [`RingFile.open`](api/file-open.html)"
        }

        test("another name may be shown than the one that is meant") {
            links.expand("[[Ring.open|Uring.open]]", base = "") shouldBe "[`Ring.open`](api/uring-open.html)"
        }

        test("a name that is not there fails") {
            shouldThrow<DocumentationException> { links.expand("[[Ring.close]]", base = "") }.message shouldContain
                "nothing"
        }

        test("of several symbols the nearest is meant") {
            links.expand("[[open]]", base = "") shouldBe "[`open`](api/ring-open.html)"
        }

        test("a name that is as near to two symbols fails") {
            val two = ApiLinks(mapOf("a.One.open" to "1", "a.Two.open" to "2"))

            shouldThrow<DocumentationException> { two.expand("[[open]]", base = "") }.message shouldContain "a.One.open"
        }
    })
