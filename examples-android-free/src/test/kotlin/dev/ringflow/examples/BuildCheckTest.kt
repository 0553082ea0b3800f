package dev.ringflow.examples

import dev.ringflow.examples.launch.BuildCheck
import io.kotest.core.spec.style.FunSpec
import io.kotest.engine.spec.tempdir
import io.kotest.matchers.shouldBe
import java.nio.file.Files
import java.nio.file.Path
import java.nio.file.attribute.FileTime
import kotlin.io.path.createParentDirectories
import kotlin.io.path.writeText

class BuildCheckTest :
    FunSpec({
        fun Path.writtenAt(seconds: Long): Path {
            createParentDirectories().writeText("")
            return Files.setLastModifiedTime(this, FileTime.fromMillis(seconds * 1000))
        }

        test("a main source or a pom that is newer than the jar makes it old; tests and what is built do not") {
            val root = tempdir().toPath()
            root.resolve("examples-android-free/target/ringflow-examples-1.jar").writtenAt(1000)
            root.resolve("some/src/main/java/A.java").writtenAt(900)
            root.resolve("some/src/test/java/ATest.java").writtenAt(1100)
            root.resolve("some/target/src/main/java/Generated.java").writtenAt(1100)
            root.resolve(".git/src/main/HEAD").writtenAt(1100)
            BuildCheck.isOld(root) shouldBe false
            val pom = root.resolve("some/pom.xml").writtenAt(1100)
            BuildCheck.isOld(root) shouldBe true
            pom.writtenAt(900)
            root.resolve("other/src/main/java/B.java").writtenAt(1001)
            BuildCheck.isOld(root) shouldBe true
        }

        test("a build that left the jar as it was counts from when it began") {
            val root = tempdir().toPath()
            root.resolve("examples-android-free/target/ringflow-examples-1.jar").writtenAt(1000)
            root.resolve("some/pom.xml").writtenAt(1100)
            root.resolve("target/ringflow.built").writtenAt(1050)
            BuildCheck.isOld(root) shouldBe true
            root.resolve("target/ringflow.built").writtenAt(1200)
            BuildCheck.isOld(root) shouldBe false
            root.resolve("some/pom.xml").writtenAt(1300)
            BuildCheck.isOld(root) shouldBe true
            root.resolve("examples-android-free/target/lib/other.jar").writtenAt(900)
            BuildCheck.isOld(root) shouldBe false
        }
    })
