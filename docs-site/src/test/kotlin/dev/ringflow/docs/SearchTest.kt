package dev.ringflow.docs

import com.fasterxml.jackson.databind.ObjectMapper
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.shouldBe

class SearchTest :
    FunSpec({
        fun symbol(name: String) =
            """{"name":"$name","description":"p.Ring.open","location":"core/open.html","searchKeys":["open"]}"""

        val dokka = "[${symbol("fun open()")},${symbol("fun open(o: O)")}]"
        val guide = SearchEntry("Memory \"here\"", "Concepts", "guide/concepts.html#memory", "words </script>")

        test("a function with several signatures is one symbol") {
            searchEntries(dokka) shouldBe listOf(SearchEntry("open", "p.Ring", "api/core/open.html", ""))
        }

        test("the index is a script with one list") {
            val script = searchIndex(listOf(guide))
            val json = script.removePrefix("window.ringflowSearch = ").trim().removeSuffix(";")

            ObjectMapper().readTree(json)[0].map { it.asText() } shouldBe
                listOf(guide.title, guide.context, guide.location, guide.text)
        }

        test("Dokka's own search finds the guides, from where its pages are") {
            val index = ObjectMapper().readTree(withGuides(dokka, listOf(guide)))

            index.size() shouldBe 3
            index[2].path("location").asText() shouldBe "../guide/concepts.html#memory"
            index[2].path("searchKeys")[0].asText() shouldBe guide.title
        }
    })
