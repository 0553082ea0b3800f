package dev.ringflow.coroutines

import dev.ringflow.Support
import dev.ringflow.file.FileStat
import dev.ringflow.file.RenameOption
import dev.ringflow.file.ResolveOption
import dev.ringflow.file.RingOpenOption
import dev.ringflow.spi.OpCode
import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldContainExactlyInAnyOrder
import io.kotest.matchers.collections.shouldHaveSize
import io.kotest.matchers.nulls.shouldBeNull
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain
import kotlinx.coroutines.flow.take
import kotlinx.coroutines.flow.toList
import kotlinx.coroutines.withContext
import java.nio.ByteBuffer
import java.nio.file.AccessDeniedException
import java.nio.file.DirectoryNotEmptyException
import java.nio.file.FileAlreadyExistsException
import java.nio.file.Files
import java.nio.file.LinkOption.NOFOLLOW_LINKS
import java.nio.file.NoSuchFileException
import java.nio.file.NotDirectoryException
import java.nio.file.Path
import java.nio.file.StandardOpenOption.READ
import java.nio.file.attribute.UserDefinedFileAttributeView
import kotlin.io.path.ExperimentalPathApi
import kotlin.io.path.createTempDirectory
import kotlin.io.path.deleteRecursively

/** Names, directories, links and attributes. */
class FileSystemsSpec :
    FunSpec({
        onEachDriver {
            test("creates, renames, links and deletes") { ring ->
                withTempDirectory { top ->
                    val files = ring.fileSystem()
                    files.createDirectories(top.resolve("a/b/c")) shouldBe Unit
                    files.createDirectory(top.resolve("d"))
                    files.rename(top.resolve("d"), top.resolve("a/b/e"))
                    files.createSymbolicLink(top.resolve("link"), Path.of("a/b"))
                    files.readSymbolicLink(top.resolve("link")) shouldBe Path.of("a/b")
                    files.stat(top.resolve("link")).type() shouldBe FileStat.Type.DIRECTORY
                    files.stat(top.resolve("link"), NOFOLLOW_LINKS).type() shouldBe FileStat.Type.SYMBOLIC_LINK
                    val file = Files.createFile(top.resolve("file"))
                    files.createLink(top.resolve("file2"), file)
                    shouldThrow<FileAlreadyExistsException> {
                        files.rename(file, top.resolve("link"), RenameOption.NO_REPLACE)
                    }
                    shouldThrow<DirectoryNotEmptyException> { files.deleteDirectory(top.resolve("a")) }
                    files.deleteDirectory(top.resolve("a/b/e"))
                    files.delete(file)
                    files.deleteIfExists(file) shouldBe false
                    files.deleteIfExists(top.resolve("file2")) shouldBe true
                    shouldThrow<NoSuchFileException> { files.stat(file) }
                    files.syncDirectory(top) shouldBe Unit
                    shouldThrow<NotDirectoryException> {
                        files.syncDirectory(Files.createFile(top.resolve("x")))
                    }
                }
            }

            test("exchanges, or says who cannot") { ring ->
                withTempDirectory { top ->
                    val file = Files.writeString(top.resolve("file"), "x")
                    val folder = Files.createDirectory(top.resolve("folder"))
                    if (ring.capabilities().support(OpCode.EXCHANGE) == Support.NONE) {
                        shouldThrow<UnsupportedOperationException> {
                            ring.fileSystem().exchange(file, folder)
                        }.message shouldContain driver
                    } else {
                        ring.fileSystem().exchange(file, folder)
                        Files.readString(folder) shouldBe "x"
                    }
                }
            }

            test("attributes are null where there is none") { ring ->
                withTempDirectory { top ->
                    val file = Files.createFile(top.resolve("file"))
                    val files = ring.fileSystem()
                    if (Files.getFileStore(file).supportsFileAttributeView(UserDefinedFileAttributeView::class.java)) {
                        files.getAttribute(file, "user.x").shouldBeNull()
                        files.setAttribute(file, "user.x", bytes(300))
                        files.getAttribute(file, "user.x") shouldBe bytes(300)
                        files.attributes(file).filter { it.startsWith("user.") } shouldBe listOf("user.x")
                        files.removeAttribute(file, "user.x") shouldBe true
                        files.removeAttribute(file, "user.x") shouldBe false
                    }
                }
            }

            test("entries and walk come as they are collected, on any dispatcher") { ring ->
                withTempDirectory { top ->
                    val made = (1..200).map { Files.createFile(top.resolve("f$it")) }
                    val files = ring.fileSystem()
                    files.entries(top).toList() shouldContainExactlyInAnyOrder made
                    withContext(ring.dispatcher) { files.walk(top).toList() shouldHaveSize 201 }
                    files.walk(top, maxDepth = 0).toList() shouldBe listOf(top)
                    files.entries(top).take(3).toList() shouldHaveSize 3
                    shouldThrow<NoSuchFileException> { files.entries(top.resolve("none")).toList() }
                    shouldThrow<IllegalArgumentException> { files.walk(top, maxDepth = -1) }
                }
            }

            test("opens beneath a directory, or says who cannot") { ring ->
                withTempDirectory { top ->
                    Files.write(Files.createDirectory(top.resolve("in")).resolve("file"), bytes(10))
                    val files = ring.fileSystem()
                    val start = ring.openFile(top.resolve("in"), RingOpenOption.DIRECTORY)
                    val beneath = setOf(ResolveOption.BENEATH)
                    if (ring.capabilities().support(OpCode.OPEN_RESTRICTED) == Support.NONE) {
                        shouldThrow<UnsupportedOperationException> { files.open(start, Path.of("file"), beneath) }
                            .message shouldContain driver
                        files.open(top.resolve("in/file"), emptySet(), READ).use { it.size() shouldBe 10 }
                    } else {
                        files.open(start, Path.of("file"), beneath).use { it.size() shouldBe 10 }
                        shouldThrow<AccessDeniedException> { files.open(start, Path.of("../in/file"), beneath) }
                        files.open(top.resolve("in/file"), setOf(ResolveOption.NO_MOUNTS)).use { it.size() shouldBe 10 }
                    }
                }
            }

            test("installs a direct descriptor, or says that there is none") { ring ->
                withTempFile(bytes(10)) { path ->
                    if (ring.capabilities().support(OpCode.OPEN_DIRECT) == Support.NONE) {
                        shouldThrow<UnsupportedOperationException> {
                            ring.openFile(path, RingOpenOption.DIRECT_DESCRIPTOR)
                        }.message shouldContain driver
                    } else {
                        val direct = ring.openFile(path, RingOpenOption.DIRECT_DESCRIPTOR)
                        if (ring.capabilities().support(OpCode.INSTALL_DESCRIPTOR) == Support.NONE) {
                            shouldThrow<UnsupportedOperationException> { direct.install() }
                        } else {
                            val installed = direct.install()
                            direct.closeAndJoin()
                            val buffer = ByteBuffer.allocate(10)
                            installed.use { it.readFully(buffer, 0) shouldBe 10 }
                            buffer.filled() shouldBe bytes(10)
                        }
                    }
                }
            }
        }
    })

@OptIn(ExperimentalPathApi::class)
private inline fun withTempDirectory(block: (Path) -> Unit) {
    val top = createTempDirectory("ringflow")
    try {
        block(top)
    } finally {
        top.deleteRecursively()
    }
}
