package dev.ringflow.examples

import dev.ringflow.Ring
import dev.ringflow.coroutines.dispatcher
import dev.ringflow.coroutines.openFile
import dev.ringflow.coroutines.size
import io.kotest.core.spec.style.FunSpec
import io.kotest.engine.spec.tempfile
import io.kotest.matchers.shouldBe
import kotlinx.coroutines.runBlocking
import java.io.File
import java.nio.file.Path
import java.util.concurrent.TimeUnit
import kotlin.time.Duration.Companion.seconds

/** RingFlow as named modules: they ask for all that they need, and the driver is found by `provides` and `uses`. */
class ModulePathTest :
    FunSpec({
        test("a program on the module path finds the same driver").config(timeout = 60.seconds) {
            val file = tempfile().apply { writeText("12345") }
            val best = Ring.drivers().first { it.isUsable }.driver

            ModulePathProgram.run(file) shouldBe "$best, 5 bytes, module dev.ringflow"
        }
    })

/** Runs in a JVM of its own. */
object ModulePathProgram {
    private val MODULES =
        Regex(
            ".*(sdk-core-java|native-uring-linux|native-ioring-windows|sdk-kotlin)/target/.*" +
                "|.*/(jspecify|jctools|commons-codec|jnr|jffi|asm|kotlin-stdlib|kotlinx-coroutines-core)[\\w.-]*\\.jar"
        )

    @JvmStatic
    fun main(arguments: Array<String>) {
        Ring.open().use { ring ->
            val size = runBlocking(ring.dispatcher) { ring.openFile(Path.of(arguments[0])).use { it.size() } }
            println("${ring.driver()}, $size bytes, ${Ring::class.java.module}")
        }
    }

    fun run(file: File): String {
        val (modules, others) = System.getProperty(
            "java.class.path"
        ).split(File.pathSeparator).partition(MODULES::matches)
        val process =
            ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--module-path=${modules.joinToString(File.pathSeparator)}",
                "--add-modules=dev.ringflow.uring,dev.ringflow.coroutines",
                "--class-path=${others.joinToString(File.pathSeparator)}",
                ModulePathProgram::class.java.name,
                file.path
            ).redirectError(ProcessBuilder.Redirect.DISCARD).start()
        val output = process.inputStream.bufferedReader().readText().trim()
        process.waitFor(1, TimeUnit.MINUTES)
        return output
    }
}
