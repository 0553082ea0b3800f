package dev.ringflow.docs

import com.sun.net.httpserver.HttpServer
import io.kotest.assertions.withClue
import io.kotest.core.spec.style.FunSpec
import io.kotest.core.test.Enabled
import io.kotest.core.test.TestCase
import io.kotest.engine.spec.tempdir
import io.kotest.matchers.collections.shouldBeEmpty
import io.kotest.matchers.ints.shouldBeGreaterThan
import io.kotest.matchers.longs.shouldBeGreaterThan
import io.kotest.matchers.shouldBe
import io.kotest.matchers.shouldNotBe
import io.kotest.matchers.string.shouldContain
import io.kotest.matchers.string.shouldNotContain
import java.io.File
import java.net.InetAddress
import java.net.InetSocketAddress
import java.util.concurrent.Executors

/**
 * The built site in a real browser. It runs after the site was written, in Maven's phase `integration-test`; what it
 * saw is kept in `target/screenshots`.
 */
class SiteInBrowser :
    FunSpec({
        val site = File(System.getProperty("docs.site", "target/site"))
        val pictures = File(System.getProperty("docs.screenshots", "target/screenshots"))
        val command = Browser.command()
        val reason = when {
            command == null -> "there is no chromium here (Debian's package of that name)"
            !site.resolve("index.html").isFile -> "the site was not built"
            else -> null
        }
        val where: (TestCase) -> Enabled = { if (reason == null) Enabled.enabled else Enabled.disabled(reason) }
        if (reason != null) println("The site is not looked at: $reason")
        val server = lazy { serve(site) }
        val browser = lazy { Browser(checkNotNull(command)) }

        afterSpec {
            if (browser.isInitialized()) browser.value.close()
            if (server.isInitialized()) server.value.stop(0)
        }

        fun address(page: String) = "http://127.0.0.1:${server.value.address.port}/$page"

        fun show(page: String, look: Look = Look.WIDE_LIGHT): Browser = browser.value.apply {
            look(look.width, look.height, look.dark)
            open(address(page))
        }

        fun Browser.overflow() =
            evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth").asInt()

        fun look(name: String, block: () -> Unit) = test(name).config(enabledOrReasonIf = where) { block() }

        val guides = site.resolve("guide").list().orEmpty().filter { it.endsWith(".html") }.sorted().map { "guide/$it" }
        val toLookAt = mapOf(
            "front" to "index.html",
            "concepts" to "guide/concepts.html",
            "recipes" to "guide/recipes.html",
            "configuration" to "guide/configuration.html",
            "troubleshooting" to "guide/troubleshooting.html",
            "api" to "api/index.html",
            "api-ring" to "api/ringflow-core/dev.ringflow/-ring/index.html"
        )

        for (look in Look.entries) {
            look("${look.title}: pages are shown without errors, and nothing sticks out") {
                for ((name, page) in toLookAt) {
                    withClue("$page, ${look.title}") {
                        browser.value.forgetErrors()
                        val shown = show(page, look)
                        shown.evaluate("document.body.innerText.length").asInt() shouldBeGreaterThan 200
                        shown.overflow() shouldBe 0
                        val picture = pictures.resolve("$name-${look.title}.png")
                        shown.screenshot(picture)
                        picture.length() shouldBeGreaterThan 5_000L
                        shown.errors.shouldBeEmpty()
                    }
                }
            }
        }

        look("no guide sticks out of a phone, and none has an error") {
            browser.value.forgetErrors()
            for (page in guides) withClue(page) { show(page, Look.PHONE).overflow() shouldBe 0 }
            browser.value.errors.shouldBeEmpty()
        }

        look("the page is dark when the reader prefers it, or has chosen it") {
            val background = "getComputedStyle(document.body).backgroundColor"
            val light = show("index.html", Look.WIDE_LIGHT).evaluate(background).asText()
            val shown = show("index.html", Look.WIDE_DARK)
            val dark = shown.evaluate(background).asText()
            dark shouldNotBe light

            shown.evaluate("document.getElementById('theme').click()")
            shown.evaluate(background).asText() shouldBe light
            show("guide/concepts.html", Look.WIDE_DARK).evaluate(background).asText() shouldBe light
            show("api/index.html", Look.WIDE_DARK)
                .evaluate("document.documentElement.className").asText() shouldNotContain "theme-dark"
            shown.evaluate("localStorage.clear()")
        }

        look("drawings are seen whole, with their words inside, in the light and in the dark") {
            for (look in listOf(Look.WIDE_LIGHT, Look.WIDE_DARK)) {
                val shown = show("guide/concepts.html", look)
                val drawings = shown.evaluate("document.querySelectorAll('figure svg').length").asInt()
                drawings shouldBe 3
                for (number in 0 until drawings) {
                    val drawing = "document.querySelectorAll('figure svg')[$number]"
                    shown.evaluate("$drawing.scrollIntoView({block: 'center'})")
                    shown.evaluate(
                        """
                        (() => {
                            const view = $drawing.viewBox.baseVal
                            const isOut = box => box.x < 0 || box.y < 0 ||
                                box.x + box.width > view.width || box.y + box.height > view.height
                            return [...$drawing.querySelectorAll('text')]
                                .filter(text => isOut(text.getBBox())).map(text => text.textContent)
                        })()
                        """
                    ).map { it.asText() } shouldBe emptyList()
                    shown.screenshot(pictures.resolve("drawing-${number + 1}-${look.title}.png"))
                }
            }
        }

        look("the search finds a guide and a symbol, and leads there") {
            val shown = show("guide/start-here.html")
            fun search(words: String): List<String> {
                shown.evaluate(
                    "(() => { const i = document.getElementById('search'); i.value = ${quoted(words)};" +
                        "i.dispatchEvent(new Event('input')) })()"
                )
                shown.waitUntil("something is found for $words") {
                    shown.evaluate("document.querySelectorAll('#found li').length").asInt() > 0
                }
                return shown.evaluate("[...document.querySelectorAll('#found a')].map(a => a.getAttribute('href'))")
                    .map { it.asText() }
            }
            search("seccomp container").first() shouldContain "troubleshooting.html#eperm-in-a-container"
            search("openFileAsync").first() shouldContain "open-file-async.html"
            search("zzzz nothing") shouldBe emptyList()
            search("Who owns a buffer when")
            shown.screenshot(pictures.resolve("search-wide-light.png"))
            shown.evaluate(
                "document.getElementById('search').dispatchEvent(new KeyboardEvent('keydown', {key: 'Enter'}))"
            )
            shown.waitUntil("the page is there") {
                shown.evaluate("location.href").asText().endsWith("concepts.html#who-owns-a-buffer-when")
            }
        }

        look("Dokka's search on a page of the API finds a guide as well") {
            val shown = show("api/index.html")
            shown.evaluate(
                "fetch('scripts/pages.json').then(r => r.json()).then(p => p.filter(e => e.name === 'ENOMEM').length)"
            ).asInt() shouldBe 1
        }

        look("tabs switch, on all of a page at once, and are remembered") {
            val shown = show("guide/recipes.html")
            fun visible() = shown.evaluate(
                "[...document.querySelectorAll('.tabs pre')].filter(p => p.offsetParent !== null).map(p => p.className)"
            ).map { it.asText() }.distinct()
            visible() shouldBe listOf("panel-java")
            shown.evaluate("document.querySelector('.tabs label[for\$=kotlin]').click()")
            visible() shouldBe listOf("panel-kotlin")
            show("guide/concepts.html")
            visible() shouldBe listOf("panel-kotlin")
            shown.evaluate("localStorage.clear()")
        }

        look("on a phone the contents are folded, and open when asked") {
            val shown = show("guide/concepts.html", Look.PHONE)
            shown.evaluate("document.querySelector('.contents').open").asBoolean() shouldBe false
            shown.evaluate("document.querySelector('.contents summary').click()")
            shown.evaluate("document.querySelector('.contents').open").asBoolean() shouldBe true
        }

        look("the version is shown, and sites of several versions lead to each other") {
            show("index.html").evaluate("document.getElementById('version').innerText").asText() shouldNotBe ""

            val folder = tempdir()
            for (version in listOf("0.1.0", "0.2.0")) {
                for (part in listOf("index.html", "guide", "site.css", "site.js", "search-index.js")) {
                    site.resolve(part).copyRecursively(folder.resolve("$version/$part"))
                }
            }
            Versions.join(folder.toPath()) shouldBe listOf("0.2.0", "0.1.0")
            val several = serve(folder)
            try {
                val root = "http://127.0.0.1:${several.address.port}"
                val shown = browser.value
                shown.open("$root/0.2.0/guide/concepts.html")
                shown.evaluate("[...document.querySelectorAll('#version option')].map(o => o.innerText)")
                    .map { it.asText() } shouldBe listOf("0.2.0", "0.1.0")
                shown.evaluate(
                    "(() => { const s = document.querySelector('#version select'); s.selectedIndex = 1;" +
                        "s.dispatchEvent(new Event('change')) })()"
                )
                shown.waitUntil("the other version is there") {
                    shown.evaluate("location.pathname").asText() == "/0.1.0/index.html"
                }
                shown.waitUntil("its list is there") {
                    shown.evaluate("(document.querySelector('#version select') || {}).value").asText() == "../0.1.0/"
                }
            } finally {
                several.stop(0)
            }
        }
    })

private enum class Look(val title: String, val width: Int, val height: Int, val dark: Boolean) {
    WIDE_LIGHT("wide-light", 1280, 1600, false),
    WIDE_DARK("wide-dark", 1280, 1600, true),
    PHONE("phone", 390, 1600, false)
}

private fun quoted(text: String) = "'" + text.replace("'", "\\'") + "'"

/** A server for files, on the loopback address only. */
private fun serve(folder: File): HttpServer {
    val root = folder.canonicalFile
    val server = HttpServer.create(InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0)
    server.executor = Executors.newFixedThreadPool(4) { task -> Thread(task).apply { isDaemon = true } }
    server.createContext("/") { exchange ->
        exchange.use {
            val file = root.resolve(it.requestURI.path.removePrefix("/")).canonicalFile
            val types = mapOf(
                "html" to "text/html; charset=utf-8",
                "css" to "text/css",
                "js" to "text/javascript",
                "svg" to "image/svg+xml",
                "json" to "application/json"
            )
            if (file.isFile && file.startsWith(root)) {
                it.responseHeaders.add("Content-Type", types[file.extension] ?: "application/octet-stream")
                it.sendResponseHeaders(200, file.length().takeIf { length -> length > 0 } ?: -1)
                if (file.length() > 0) file.inputStream().use { content -> content.copyTo(it.responseBody) }
            } else {
                it.sendResponseHeaders(404, -1)
            }
        }
    }
    server.start()
    return server
}
