package dev.ringflow.examples.recipes

import dev.ringflow.Ring
import dev.ringflow.coroutines.connect
import dev.ringflow.coroutines.dispatcher
import dev.ringflow.coroutines.listen
import dev.ringflow.coroutines.openFile
import dev.ringflow.coroutines.readChannel
import dev.ringflow.coroutines.shutdownOutput
import dev.ringflow.coroutines.writeChannel
import dev.ringflow.examples.content
import dev.ringflow.examples.drivers
import dev.ringflow.examples.echo.PushEcho
import dev.ringflow.examples.file
import dev.ringflow.examples.onlyIf
import dev.ringflow.examples.openRing
import dev.ringflow.examples.sha256
import dev.ringflow.net.RingServerSocket
import io.kotest.core.spec.style.FunSpec
import io.kotest.engine.spec.tempdir
import io.kotest.matchers.collections.shouldContainExactly
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldStartWith
import kotlinx.coroutines.flow.take
import kotlinx.coroutines.flow.toList
import kotlinx.coroutines.launch
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.withTimeout
import java.net.InetSocketAddress
import java.net.SocketAddress
import java.nio.file.Files
import java.nio.file.Path
import java.nio.file.StandardOpenOption.APPEND
import java.nio.file.StandardOpenOption.READ
import java.time.Duration
import java.util.concurrent.Executors
import java.util.concurrent.LinkedBlockingQueue
import java.util.concurrent.TimeUnit
import kotlin.io.path.appendText
import kotlin.io.path.createDirectories
import kotlin.io.path.fileSize
import kotlin.io.path.readBytes
import kotlin.io.path.writeText
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.Duration.Companion.seconds

/** Every recipe of the documentation does what it says, in both languages. */
class RecipesTest :
    FunSpec({
        val loopback = InetSocketAddress("127.0.0.1", 0)
        val directory = tempdir().toPath()
        val source = file(directory, "source", 3_000_000)

        suspend fun exchange(ring: Ring, address: SocketAddress, text: String) = ring.connect(address).use { socket ->
            socket.writeChannel().run {
                writeString(text)
                flush()
            }
            socket.shutdownOutput()
            val answer = StringBuilder()
            socket.readChannel().lines().collect { answer.append(it).append('\n') }
            answer.toString()
        }

        fun onRing(driver: String, block: suspend (Ring) -> Unit) = openRing(driver).use { ring ->
            runBlocking { withTimeout(30.seconds) { block(ring) } }
        }

        for (driver in drivers()) {
            test("$driver: a copy") {
                onRing(driver) { ring ->
                    copy(ring, source, directory.resolve("copy")) shouldBe 3_000_000
                    Files.mismatch(source, directory.resolve("copy")) shouldBe -1
                    FileRecipes.copy(ring, source, directory.resolve("copy in Java")) shouldBe 3_000_000
                    Files.mismatch(source, directory.resolve("copy in Java")) shouldBe -1
                }
            }

            test("$driver: a tail tells what is there and what is added, in Kotlin") {
                onRing(driver) { ring ->
                    val log = directory.resolve("log").apply { writeText("one\ntwo\nth") }
                    ring.openFile(log, READ).use { file ->
                        val adding = launch(ring.dispatcher) { log.appendText("ree\nvier\n") }
                        file.tail(5.milliseconds).take(4).toList() shouldContainExactly
                            listOf("one", "two", "three", "vier")
                        adding.join()
                    }
                }
            }

            test("$driver: a tail tells what is there and what is added, in Java") {
                onRing(driver) { ring ->
                    val log = directory.resolve("log in Java").apply { writeText("one\nt") }
                    val lines = LinkedBlockingQueue<String>()
                    ring.openFile(log, READ).use { file ->
                        Tail(ring, file, Duration.ofMillis(5), lines::add).use {
                            lines.poll(30, TimeUnit.SECONDS) shouldBe "one"
                            Files.writeString(log, "wö\n", APPEND)
                            lines.poll(30, TimeUnit.SECONDS) shouldBe "twö"
                        }
                    }
                    lines.size shouldBe 0
                }
            }

            test("$driver: hashes of all files of a directory") {
                onRing(driver) { ring ->
                    val tree = directory.resolve("tree").apply { resolve("deep/er").createDirectories() }
                    val files = listOf("a" to 10, "deep/b" to 300_000, "deep/er/c" to 0)
                        .map { (name, size) -> file(tree, name, size) }
                    val expected = files.associateWith(::sha256)
                    hashAll(ring, tree) shouldBe expected
                    FileRecipes.hashAll(ring, tree) shouldBe expected
                }
            }

            test("$driver: an echo in Java") {
                onRing(driver) { ring ->
                    PushEcho(ring, loopback).use { echo ->
                        val address = InetSocketAddress("127.0.0.1", echo.port())
                        exchange(ring, address, "to and fro\n") shouldBe "to and fro\n"
                    }
                }
            }

            test("$driver: a proxy passes on both directions, and their ends") {
                onRing(driver) { ring ->
                    PushEcho(ring, loopback).use { echo ->
                        val target = InetSocketAddress("127.0.0.1", echo.port())
                        ring.listen(loopback).use { server ->
                            val serving = launch { proxy(server, target) }
                            exchange(ring, server.localAddress(), "by Kotlin\n") shouldBe "by Kotlin\n"
                            serving.cancel()
                        }
                        ring.listen(loopback).use { server ->
                            NetRecipes.proxy(server, target)
                            repeat(2) { exchange(ring, server.localAddress(), "by Java\n") shouldBe "by Java\n" }
                        }
                    }
                }
            }

            test("$driver: a write-ahead log gives back what was appended, and leaves out what was cut") {
                onRing(driver) { ring ->
                    val path = directory.resolve("journal of $driver")
                    Journal.open(ring, path).use { journal ->
                        journal.recover() shouldBe emptyList()
                        for (size in listOf(1, 100_000, 7)) journal.append(content(size))
                    }
                    cutOff(path, 3)
                    Journal.open(ring, path).use { journal ->
                        journal.recover().map { it.size } shouldBe listOf(1, 100_000)
                        journal.append(content(5))
                    }
                    JournalInJava(ring, path).use { journal ->
                        journal.recover().last().toList() shouldBe content(5).toList()
                        journal.append(content(9))
                        journal.append(content(11)).join()
                    }
                    val whole = path.fileSize()
                    cutOff(path, 1)
                    JournalInJava(ring, path).use { journal ->
                        journal.recover().map { it.size } shouldBe listOf(1, 100_000, 5, 9)
                        journal.append(content(11)).join()
                    }
                    path.fileSize() shouldBe whole
                }
            }
        }

        test("uring: a file server gives files, and nothing from outside its directory").config(
            enabledOrReasonIf = { onlyIf("uring" in drivers(), "uring cannot be had here") }
        ) {
            val threads = Executors.newCachedThreadPool()
            onRing("uring") { ring ->
                val root = directory.resolve("root").apply { createDirectories() }
                root.resolve("page").writeText("first\nsecond")
                suspend fun look(server: RingServerSocket) {
                    val address = server.localAddress()
                    exchange(ring, address, "GET /page HTTP/1.0\r\n\r\n") shouldBe
                        "HTTP/1.0 200 OK\nContent-Length: 12\n\nfirst\nsecond\n"
                    for (path in listOf("/missing", "/../source", "/")) {
                        exchange(ring, address, "GET $path HTTP/1.0\r\n\r\n") shouldStartWith "HTTP/1.0 404"
                    }
                }
                ring.openFile(root, READ).use { opened ->
                    ring.listen(loopback).use { server ->
                        val serving = launch(ring.dispatcher) { serveFiles(server, opened) }
                        look(server)
                        serving.cancel()
                        serving.join()
                    }
                    ring.listen(loopback).use { server ->
                        NetRecipes.serveFiles(server, opened, threads)
                        look(server)
                    }
                }
            }
            threads.shutdownNow()
        }
    })

private fun cutOff(path: Path, bytes: Int) {
    val content = path.readBytes()
    Files.write(path, content.copyOf(content.size - bytes))
}
