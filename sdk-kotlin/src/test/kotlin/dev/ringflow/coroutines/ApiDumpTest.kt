package dev.ringflow.coroutines

import io.kotest.assertions.withClue
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.shouldBe
import org.jetbrains.kotlin.abi.tools.AbiFilters
import org.jetbrains.kotlin.abi.tools.AbiTools
import java.io.File

/** The public API is what the checked-in dump says. */
class ApiDumpTest :
    FunSpec({
        val dump = File("api/ringflow-kotlin.api")

        test("the public API is what the dump says") {
            val actual = publicApi()
            if (System.getProperty("api.update").toBoolean()) dump.apply { parentFile.mkdirs() }.writeText(actual)

            withClue("-Dapi.update=true rewrites $dump") { actual shouldBe dump.readText() }
        }
    })

private fun publicApi(): String {
    val classes = File("target/classes").walk().filter { it.extension == "class" }.sorted().toList()
    val tools = AbiTools.getInstance(AbiTools::class.java.classLoader)
    return buildString { tools.printJvmDump(this, classes, AbiFilters.EMPTY) }
}
