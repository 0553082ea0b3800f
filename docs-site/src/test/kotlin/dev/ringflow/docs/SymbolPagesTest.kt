package dev.ringflow.docs

import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.shouldBe

class SymbolPagesTest :
    FunSpec({
        fun symbol(name: String, qualifiedName: String) =
            """{"name":"$name","description":"$qualifiedName","location":"x.html"}"""

        fun nameOf(name: String, qualifiedName: String) = symbolPages("[${symbol(name, qualifiedName)}]").keys.single()

        test("a member is known by its qualified name") {
            nameOf("public static Ring open()", "dev.ringflow.Ring.open") shouldBe "dev.ringflow.Ring.open"
        }

        test("an extension is known as a member of its receiver") {
            nameOf("suspend fun Ring.listen(address: InetSocketAddress)", "p.listen") shouldBe "p.Ring.listen"
            nameOf("val Ring.dispatcher: CoroutineDispatcher", "p.dispatcher") shouldBe "p.Ring.dispatcher"
            nameOf("fun <T> RingFuture<T>.settle(): T", "p.settle") shouldBe "p.RingFuture.settle"
        }

        test("a function whose parameter has a dot is no extension") {
            nameOf("fun open(at: Map.Entry<A, B>)", "p.open") shouldBe "p.open"
        }

        test("every symbol has its page") {
            symbolPages("[${symbol("class A", "p.A")},${symbol("class B", "p.B")}]") shouldBe
                mapOf("p.A" to "x.html", "p.B" to "x.html")
        }
    })
