package dev.ringflow.examples.http

import dev.ringflow.examples.content
import dev.ringflow.examples.drivers
import dev.ringflow.examples.file
import dev.ringflow.examples.needs
import dev.ringflow.examples.process
import dev.ringflow.examples.start
import io.kotest.core.spec.style.FunSpec
import io.kotest.engine.spec.tempdir
import io.kotest.matchers.ints.shouldBeGreaterThan
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain
import io.kotest.matchers.string.shouldNotContain
import io.kotest.matchers.string.shouldStartWith
import java.net.Socket
import java.net.URI
import java.net.http.HttpClient
import java.net.http.HttpRequest
import java.net.http.HttpResponse
import java.nio.file.Files
import java.nio.file.Path
import java.util.concurrent.CompletableFuture
import java.util.concurrent.TimeUnit

class HttpCommandTest :
    FunSpec({
        for (driver in drivers()) {
            test("$driver: files of all sizes arrive as they are, on one connection and on many") {
                val root = tempdir().toPath()
                val sizes = listOf(0, 1, 1000, 65_000, 66_000, 1_000_000, 5_000_000)
                sizes.forEach { file(root, "f$it.bin", it) }
                serving(root, driver) { port ->
                    val client = HttpClient.newHttpClient()
                    for (size in sizes + sizes.reversed()) {
                        val answer = client.get(port, "/f$size.bin")
                        answer.statusCode() shouldBe 200
                        answer.body() shouldBe content(size)
                        answer.headers().firstValue("content-type").get() shouldBe "application/octet-stream"
                    }
                    val many = List(200) { client.getAsync(port, "/f${sizes[it % sizes.size]}.bin") }
                    many.forEachIndexed { i, answer -> answer.join().body() shouldBe content(sizes[i % sizes.size]) }
                }
            }

            test("$driver: parts, conditions and questions without content") {
                val root = tempdir().toPath()
                val whole = content(100_000)
                file(root, "f.txt", 100_000)
                serving(root, driver) { port ->
                    val client = HttpClient.newHttpClient()
                    fun part(range: String) = client.get(port, "/f.txt", "Range" to range)
                    part("bytes=10-19").run {
                        statusCode() shouldBe 206
                        headers().firstValue("content-range").get() shouldBe "bytes 10-19/100000"
                        body() shouldBe whole.copyOfRange(10, 20)
                    }
                    part("bytes=99990-").body() shouldBe whole.copyOfRange(99_990, 100_000)
                    part("bytes=-70000").body() shouldBe whole.copyOfRange(30_000, 100_000)
                    part("bytes=100000-").run {
                        statusCode() shouldBe 416
                        headers().firstValue("content-range").get() shouldBe "bytes */100000"
                    }
                    part("bytes=0-1,5-6").statusCode() shouldBe 200
                    val tag = client.get(port, "/f.txt").headers().firstValue("etag").get()
                    client.get(port, "/f.txt", "If-None-Match" to tag).run {
                        statusCode() shouldBe 304
                        body().size shouldBe 0
                    }
                    client.get(port, "/f.txt", "If-None-Match" to "\"other\"").statusCode() shouldBe 200
                    val modified = client.get(port, "/f.txt").headers().firstValue("last-modified").get()
                    client.get(port, "/f.txt", "If-Modified-Since" to modified).statusCode() shouldBe 304
                    client.get(port, "/f.txt", "Range" to "bytes=0-1", "If-Range" to "\"other\"").statusCode() shouldBe
                        200
                    val head = HttpRequest.newBuilder(uri(port, "/f.txt"))
                        .method("HEAD", HttpRequest.BodyPublishers.noBody()).build()
                    client.send(head, HttpResponse.BodyHandlers.ofByteArray()).run {
                        headers().firstValue("content-length").get() shouldBe "100000"
                        body().size shouldBe 0
                    }
                }
            }

            test("$driver: directories have an index or nothing, and nobody gets out of the root") {
                val outside = tempdir().toPath()
                Files.writeString(outside.resolve("secret"), "secret")
                val root = Files.createDirectory(outside.resolve("root"))
                Files.writeString(Files.createDirectories(root.resolve("a/b c")).resolve("index.html"), "<p>index")
                Files.createDirectory(root.resolve("empty"))
                Files.writeString(root.resolve(".hidden"), "hidden")
                Files.createSymbolicLink(root.resolve("way-out"), outside.resolve("secret"))
                Files.createSymbolicLink(root.resolve("dir-out"), outside)
                Files.createSymbolicLink(root.resolve("inside"), Path.of("a/b c/index.html"))
                ProcessBuilder("mkfifo", root.resolve("pipe").toString()).start().waitFor()
                serving(root, driver) { port ->
                    ask(port, "GET /a/b%20c/ HTTP/1.1\r\nHost: h\r\n\r\n") shouldContain "<p>index"
                    ask(port, "GET /inside HTTP/1.1\r\nHost: h\r\n\r\n") shouldContain "<p>index"
                    ask(port, "GET /a/b%20c HTTP/1.1\r\nHost: h\r\n\r\n").run {
                        this shouldStartWith "HTTP/1.1 301 "
                        this shouldContain "Location: /a/b%20c/\r\n"
                    }
                    ask(port, "GET /empty/ HTTP/1.1\r\nHost: h\r\n\r\n") shouldStartWith "HTTP/1.1 404 "
                    val tries = listOf(
                        "/../secret", "/%2e%2e/secret", "/a/../../secret", "/way-out", "/dir-out/secret", "/.hidden",
                        "/pipe", "/none", "/f%00", "//secret"
                    )
                    for (target in tries) {
                        val answer = ask(port, "GET $target HTTP/1.1\r\nHost: h\r\n\r\n")
                        answer shouldContain Regex("^HTTP/1.1 40[34] ")
                        answer shouldNotContain "\r\n\r\nsecret"
                    }
                }
            }

            test("$driver: requests in one piece, in single bytes, and none at all") {
                val root = tempdir().toPath()
                Files.writeString(root.resolve("a.txt"), "aaa")
                serving(root, driver) { port ->
                    val two = "GET /a.txt HTTP/1.1\r\nHost: h\r\n\r\n" +
                        "GET /none HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n"
                    ask(port, two, closes = false).run {
                        this shouldContain "\r\n\r\naaaHTTP/1.1 404 "
                        this shouldContain "Connection: close"
                    }
                    Socket("127.0.0.1", port).use { slow ->
                        slow.tcpNoDelay = true
                        "GET /a.txt HTTP/1.0\r\n\r\n".forEach { slow.getOutputStream().write(it.code) }
                        slow.getInputStream().readAllBytes().decodeToString().run {
                            this shouldStartWith "HTTP/1.1 200 OK\r\n"
                            this shouldContain "\r\n\r\naaa"
                        }
                    }
                    ask(port, "\u0001\u0002\u0003\r\n\r\n", closes = false) shouldStartWith "HTTP/1.1 400 "
                    ask(port, "GET / HTTP/2.0\r\n\r\n", closes = false) shouldStartWith "HTTP/1.1 505 "
                    ask(port, "GET / HTTP/1.1\r\n\r\n", closes = false) shouldStartWith "HTTP/1.1 400 "
                    ask(port, "GET /${"a".repeat(9000)} HTTP/1.1\r\n\r\n", closes = false) shouldStartWith
                        "HTTP/1.1 431 "
                    ask(port, "PUT /a.txt HTTP/1.1\r\nHost: h\r\nContent-Length: 0\r\n\r\n") shouldStartWith
                        "HTTP/1.1 405 "
                    ask(port, "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\n\r\n", closes = false) shouldStartWith
                        "HTTP/1.1 413 "
                    ask(port, "") shouldBe ""
                }
            }

            test("$driver: survives wrk").config(enabledOrReasonIf = { hasWrk() }) {
                val root = tempdir().toPath()
                file(root, "small.bin", 1000)
                file(root, "large.bin", 300_000)
                serving(root, driver) { port ->
                    for (name in listOf("small.bin", "large.bin")) {
                        val said = process(listOf("wrk", "-t1", "-c64", "-d2", "http://127.0.0.1:$port/$name"))
                        said.code shouldBe 0
                        said.out shouldNotContain "Socket errors"
                        said.out shouldNotContain "Non-2xx"
                        Regex("(\\d+) requests in").find(said.out)!!.groupValues[1].toInt() shouldBeGreaterThan 100
                    }
                    HttpClient.newHttpClient().get(port, "/small.bin").body() shouldBe content(1000)
                }
            }

            test("$driver: curl gets what is there").config(enabledOrReasonIf = { needs("curl", "--version") }) {
                val root = tempdir().toPath()
                val file = file(root, "f.bin", 700_000)
                serving(root, driver) { port ->
                    val got = root.resolve("got")
                    process(listOf("curl", "-sS", "-o", "$got", "http://127.0.0.1:$port/f.bin")).code shouldBe 0
                    Files.mismatch(file, got) shouldBe -1
                }
            }
        }
    })

private fun hasWrk() = needs("sh", "-c", "command -v wrk")

private fun serving(root: Path, driver: String, use: (Int) -> Unit) {
    val process = start("http", root.toString(), "--port", "0", "--driver", driver)
    try {
        val out = process.inputStream.bufferedReader()
        use(Regex(":(\\d+)/ ").find(out.readLine())!!.groupValues[1].toInt())
        process.toHandle().destroy()
        process.waitFor(30, TimeUnit.SECONDS) shouldBe true
        out.readText() shouldContain " requests on "
    } finally {
        process.destroyForcibly()
    }
}

/** Sends [text] on a connection of its own, and answers with what came until the server closed. */
private fun ask(port: Int, text: String, closes: Boolean = true): String = Socket("127.0.0.1", port).use { socket ->
    socket.soTimeout = 30_000
    socket.getOutputStream().write(text.toByteArray(Charsets.ISO_8859_1))
    if (closes) {
        socket.shutdownOutput()
    }
    socket.getInputStream().readAllBytes().decodeToString()
}

private fun uri(port: Int, path: String) = URI("http://127.0.0.1:$port$path")

private fun request(port: Int, path: String, fields: Array<out Pair<String, String>>): HttpRequest {
    val builder = HttpRequest.newBuilder(uri(port, path)).version(HttpClient.Version.HTTP_1_1)
    fields.forEach { (name, value) -> builder.header(name, value) }
    return builder.build()
}

private fun HttpClient.get(port: Int, path: String, vararg fields: Pair<String, String>): HttpResponse<ByteArray> =
    send(request(port, path, fields), HttpResponse.BodyHandlers.ofByteArray())

private fun HttpClient.getAsync(port: Int, path: String): CompletableFuture<HttpResponse<ByteArray>> =
    sendAsync(request(port, path, emptyArray()), HttpResponse.BodyHandlers.ofByteArray())
