package dev.ringflow.docs

import io.kotest.assertions.throwables.shouldNotThrowAny
import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.spec.style.FunSpec
import io.kotest.engine.spec.tempdir
import io.kotest.matchers.shouldBe

class RepositoryLinksTest :
    FunSpec({
        val root = tempdir()
        root.resolve("OTHER.md").writeText("# Other\n\n## A `part` of it\n")
        val links = RepositoryLinks(root.toPath())

        fun readme(text: String) = root.resolve("README.md").writeText("# Title\n\n$text\n")

        test("links to files, to headings and away pass") {
            readme("[a](OTHER.md) [b](OTHER.md#a-part-of-it) [c](#title) [d](https://kernel.org)")
            shouldNotThrowAny { links.check("README.md") }
        }

        test("every dead link is reported, also in tables and lists") {
            readme("- [a](MISSING.md)\n\n**[b](OTHER.md#nowhere)** [c](#gone)")
            shouldThrow<DocumentationException> { links.check("README.md") }.message shouldBe
                "dead links:\nREADME.md: MISSING.md\nREADME.md: OTHER.md#nowhere\nREADME.md: #gone"
        }
    })
