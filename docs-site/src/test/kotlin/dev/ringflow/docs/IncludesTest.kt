package dev.ringflow.docs

import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.spec.style.FunSpec
import io.kotest.engine.spec.tempdir
import io.kotest.matchers.shouldBe

class IncludesTest :
    FunSpec({
        val root = tempdir().resolve("root").apply { mkdirs() }
        root.resolve("A.md").writeText("# A\n\nAll.\n\n## One\n\n1\n\n### Part\n\n2\n\n## Two\n\n3\n")
        val includes = Includes(root.toPath())

        test("all of a file but its title") {
            includes.expand("# B\n\n<!-- include: A.md -->") shouldBe
                "# B\n\nAll.\n\n## One\n\n1\n\n### Part\n\n2\n\n## Two\n\n3"
        }

        test("what stands below one heading, to the next of its kind or the end") {
            includes.expand("<!-- include: A.md#One -->") shouldBe "1\n\n### Part\n\n2"
            includes.expand("<!-- include: A.md#Two -->") shouldBe "3"
        }

        test("a file or a heading that is not there fails, and so does a file outside") {
            root.resolveSibling("C.md").writeText("# C")
            for (reference in listOf("B.md", "../C.md", "A.md#Three", "A.md#Part")) {
                shouldThrow<DocumentationException> { includes.expand("<!-- include: $reference -->") }
            }
        }
    })
