package dev.ringflow.docs

import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.spec.style.FunSpec
import io.kotest.engine.spec.tempdir
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain

class SnippetsTest :
    FunSpec({
        val root = tempdir().resolve("root").apply { mkdirs() }
        val snippets = Snippets(root.toPath())

        fun source(name: String, text: String) {
            val file = root.resolve(name)
            file.parentFile.mkdirs()
            file.writeText(text.trimIndent())
        }

        fun failure(reference: String) = shouldThrow<DocumentationException> { snippets.find(reference) }.message

        test("a snippet is what stands between its marks, without their indentation") {
            source(
                "a/First.kt",
                """
                fun main() {
                    // snippet-begin: read
                    val file = open()
                    file.use {
                        read(it)
                    }
                    // snippet-end: read
                }
                """
            )

            snippets.find("a/First.kt#read") shouldBe
                Snippet("kotlin", "val file = open()\nfile.use {\n    read(it)\n}")
        }

        test("marks of other snippets inside it are left out") {
            source(
                "Nested.java",
                """
                // snippet-begin: all
                int a = 1;
                // snippet-begin: part
                int b = 2;
                // snippet-end: part
                // snippet-end: all
                """
            )

            snippets.find("Nested.java#all") shouldBe Snippet("java", "int a = 1;\nint b = 2;")
            snippets.find("Nested.java#part") shouldBe Snippet("java", "int b = 2;")
        }

        test("an unknown file fails") {
            failure("Missing.kt#read") shouldBe "snippet Missing.kt#read: there is no such file"
        }

        test("a file outside the root fails, even if it is there") {
            root.resolveSibling("Outside.kt").writeText("// snippet-begin: x\n1\n// snippet-end: x")

            failure("../Outside.kt#x") shouldBe "snippet ../Outside.kt#x: there is no such file"
        }

        test("an unknown tag fails") {
            source("Known.kt", "// snippet-begin: known\nval a = 1\n// snippet-end: known")

            failure("Known.kt#unknown") shouldContain "\"// snippet-begin: unknown\" is there 0 times"
        }

        test("a tag is matched whole") {
            source("Prefix.kt", "// snippet-begin: read-all\nval a = 1\n// snippet-end: read-all")

            failure("Prefix.kt#read") shouldContain "is there 0 times"
        }

        test("a snippet without an end fails") {
            source("Open.kt", "// snippet-begin: open\nval a = 1")

            failure("Open.kt#open") shouldContain "\"// snippet-end: open\" is there 0 times"
        }

        test("a snippet that ends before it begins fails") {
            source("Turned.kt", "// snippet-end: t\nval a = 1\n// snippet-begin: t")

            failure("Turned.kt#t") shouldContain "ends before it begins"
        }

        test("a tag that is used twice fails") {
            source("Twice.kt", "// snippet-begin: t\n1\n// snippet-end: t\n// snippet-begin: t\n2\n// snippet-end: t")

            failure("Twice.kt#t") shouldContain "is there 2 times"
        }

        test("an empty snippet fails") {
            source("Empty.kt", "// snippet-begin: none\n\n    \n// snippet-end: none")

            failure("Empty.kt#none") shouldBe "snippet Empty.kt#none: is empty"
        }

        test("a reference without a tag fails") {
            failure("Known.kt") shouldContain "is not of the form path#tag"
        }

        test("a language that is not known fails") {
            source("data.bin", "// snippet-begin: x\n1\n// snippet-end: x")

            failure("data.bin#x") shouldContain "language that is not known"
        }
    })
