package dev.ringflow.docs

import com.fasterxml.jackson.databind.JsonNode
import com.fasterxml.jackson.databind.ObjectMapper
import java.io.File
import java.net.URI
import java.net.http.HttpClient
import java.net.http.WebSocket
import java.nio.file.Files
import java.util.Base64
import java.util.concurrent.CompletableFuture
import java.util.concurrent.CompletionStage
import java.util.concurrent.ConcurrentHashMap
import java.util.concurrent.CopyOnWriteArrayList
import java.util.concurrent.TimeUnit
import java.util.concurrent.atomic.AtomicInteger

/**
 * Chromium without a window, steered by the DevTools protocol: one page, whose errors are collected.
 *
 * @param command how it is started
 */
class Browser(command: String) : AutoCloseable {
    private val profile = Files.createTempDirectory("browser").toFile()
    private val process = ProcessBuilder(
        command, "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run",
        "--disable-background-networking", "--disable-component-update", "--disable-extensions", "--hide-scrollbars",
        "--remote-debugging-port=0", "--user-data-dir=$profile", "about:blank"
    ).redirectOutput(ProcessBuilder.Redirect.DISCARD).start()
    private val json = ObjectMapper()
    private val answers = ConcurrentHashMap<Int, CompletableFuture<JsonNode>>()
    private val numbers = AtomicInteger()
    private val socket: WebSocket
    private val session: String

    /** What went wrong on pages since [forgetErrors]: uncaught exceptions, and errors that the console shows. */
    val errors: MutableList<String> = CopyOnWriteArrayList()

    init {
        socket = HttpClient.newHttpClient().newWebSocketBuilder().buildAsync(URI(address()), Listener())
            .get(TIMEOUT, TimeUnit.SECONDS)
        val target = call("Target.createTarget", mapOf("url" to "about:blank"), null).path("targetId").asText()
        session = call("Target.attachToTarget", mapOf("targetId" to target, "flatten" to true), null)
            .path("sessionId").asText()
        for (domain in listOf("Page", "Runtime", "Log")) call("$domain.enable")
    }

    /** Where the browser listens, which it says first of all. */
    private fun address(): String {
        val lines = process.errorStream.bufferedReader()
        val seen = StringBuilder()
        while (true) {
            val line = lines.readLine() ?: error("the browser ended: $seen")
            seen.appendLine(line)
            if ("DevTools listening on " in line) {
                Thread { lines.useLines { it.forEach { } } }.apply { isDaemon = true }.start()
                return line.substringAfter("DevTools listening on ").trim()
            }
        }
    }

    /** Sets the size of the page in CSS pixels, and whether the reader prefers the dark. */
    fun look(width: Int, height: Int, dark: Boolean) {
        call(
            "Emulation.setDeviceMetricsOverride",
            mapOf("width" to width, "height" to height, "deviceScaleFactor" to 1, "mobile" to false)
        )
        val scheme = mapOf("name" to "prefers-color-scheme", "value" to if (dark) "dark" else "light")
        call("Emulation.setEmulatedMedia", mapOf("features" to listOf(scheme)))
    }

    /** Opens a page, and returns when all of it is there. */
    fun open(url: String) {
        val frame = call("Page.navigate", mapOf("url" to "about:blank")).path("frameId").asText()
        check(frame.isNotEmpty())
        val answer = call("Page.navigate", mapOf("url" to url))
        check(answer.path("errorText").isMissingNode) { "$url: ${answer.path("errorText").asText()}" }
        waitUntil("$url is loaded") {
            evaluate("document.readyState").asText() == "complete" &&
                evaluate("location.href").asText().substringBefore('#') == url.substringBefore('#')
        }
    }

    /** The value of an expression in the page; a promise is awaited. */
    fun evaluate(expression: String): JsonNode {
        val answer = call(
            "Runtime.evaluate",
            mapOf("expression" to expression, "returnByValue" to true, "awaitPromise" to true)
        )
        check(answer.path("exceptionDetails").isMissingNode) { "$expression: ${answer.path("exceptionDetails")}" }
        return answer.path("result").path("value")
    }

    /** Waits until something is so, in the page or of it. */
    fun waitUntil(what: String, condition: () -> Boolean) {
        val deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(TIMEOUT)
        while (!condition()) {
            check(System.nanoTime() < deadline) { "waited in vain until $what; errors: $errors" }
            Thread.sleep(20)
        }
    }

    /** Keeps what is to be seen now. */
    fun screenshot(file: File) {
        val image = call("Page.captureScreenshot", mapOf("format" to "png")).path("data").asText()
        file.apply { parentFile.mkdirs() }.writeBytes(Base64.getDecoder().decode(image))
    }

    fun forgetErrors() = errors.clear()

    private fun call(
        method: String,
        parameters: Map<String, Any> = emptyMap(),
        session: String? = this.session
    ): JsonNode {
        val number = numbers.incrementAndGet()
        val answer = CompletableFuture<JsonNode>()
        answers[number] = answer
        val message = mutableMapOf<String, Any>("id" to number, "method" to method, "params" to parameters)
        if (session != null) message["sessionId"] = session
        socket.sendText(json.writeValueAsString(message), true).get(TIMEOUT, TimeUnit.SECONDS)
        val result = answer.get(TIMEOUT, TimeUnit.SECONDS)
        check(result.path("error").isMissingNode) { "$method: ${result.path("error")}" }
        return result.path("result")
    }

    private fun received(message: JsonNode) {
        val number = message.path("id")
        if (!number.isMissingNode) {
            answers.remove(number.asInt())?.complete(message)
            return
        }
        val parameters = message.path("params")
        when (message.path("method").asText()) {
            "Runtime.exceptionThrown" -> {
                val details = parameters.path("exceptionDetails")
                errors += details.path("exception").path("description").asText(details.path("text").asText())
            }

            "Log.entryAdded" -> {
                val entry = parameters.path("entry")
                val text = "${entry.path("text").asText()} ${entry.path("url").asText()}"
                if (entry.path("level").asText() == "error") errors += text
            }
        }
    }

    override fun close() {
        process.descendants().forEach { it.destroyForcibly() }
        process.destroyForcibly().waitFor(TIMEOUT, TimeUnit.SECONDS)
        profile.deleteRecursively()
    }

    private inner class Listener : WebSocket.Listener {
        private val text = StringBuilder()

        override fun onText(webSocket: WebSocket, data: CharSequence, last: Boolean): CompletionStage<*>? {
            text.append(data)
            if (last) {
                received(json.readTree(text.toString()))
                text.clear()
            }
            webSocket.request(1)
            return null
        }
    }

    companion object {
        private const val TIMEOUT = 60L

        /** The command that starts a browser here, or null if there is none. */
        fun command(): String? = listOf("chromium", "chromium-browser", "google-chrome").firstOrNull { name ->
            System.getenv("PATH").orEmpty().split(File.pathSeparator).any { File(it, name).canExecute() }
        }
    }
}
