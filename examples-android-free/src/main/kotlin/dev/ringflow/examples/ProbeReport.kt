package dev.ringflow.examples

import dev.ringflow.Capabilities
import dev.ringflow.DriverAvailability
import dev.ringflow.Ring
import dev.ringflow.RingOptions
import dev.ringflow.RingUnavailableException
import dev.ringflow.Support
import dev.ringflow.spi.OpCode

/** What can be had on this machine, and what to do about the rest. */
internal class ProbeReport private constructor(
    val system: Map<String, String>,
    val drivers: List<DriverAvailability>,
    val kernel: KernelRing?,
    val windows: WindowsKernel?,
    val limits: List<Limit>,
    val ring: Capabilities?,
    val advice: List<String>
) {
    companion object {
        private const val ENOUGH_LOCKED_MEMORY = 8L shl 20
        private const val ENOUGH_FILES = 4096

        /** Looks at the machine, and opens a ring with [driver], or with the best one. */
        fun make(driver: String?): ProbeReport {
            val drivers = Ring.drivers().sortedBy { it.reason() == DriverAvailability.Reason.OTHER_PLATFORM }
            val limits = SystemLimits()
            val ring = capabilities(driver)
            val windows = WindowsKernel.ask()
            return ProbeReport(
                system(),
                drivers,
                KernelRing.ask(),
                windows,
                limits.all(),
                ring,
                advice(drivers, ring, limits) + windows?.let(::advice).orEmpty()
            )
        }

        private fun capabilities(driver: String?): Capabilities? {
            val options = RingOptions.builder()
            driver?.let(options::driver)
            return try {
                Ring.open(options.build()).use { it.capabilities() }
            } catch (_: RingUnavailableException) {
                null // the table of drivers says why
            }
        }

        private fun system(): Map<String, String> = linkedMapOf(
            "kernel" to "${property("os.name")} ${property("os.version")}",
            "architecture" to property("os.arch"),
            "java" to "${property("java.version")} (${property("java.vm.name")})",
            "processors" to Runtime.getRuntime().availableProcessors().toString()
        )

        private fun advice(drivers: List<DriverAvailability>, ring: Capabilities?, limits: SystemLimits): List<String> =
            buildList {
                drivers.filter { !it.isUsable && it.reason() != DriverAvailability.Reason.OTHER_PLATFORM }
                    .forEach { add("${it.driver()}: ${it.explanation()} ${it.advice()}".trim()) }
                if (ring != null) {
                    addAll(detours(ring))
                }
                limits.lockedMemory?.let {
                    if (it < ENOUGH_LOCKED_MEMORY) {
                        add(
                            "Only ${formatSize(
                                it
                            )} may be locked: rings and registered buffers share it. Raise it (ulimit -l)."
                        )
                    }
                }
                limits.openFiles?.let {
                    if (it < ENOUGH_FILES) {
                        add("Only $it files and sockets may be open at once. Servers want more (ulimit -n).")
                    }
                }
            }

        private fun advice(windows: WindowsKernel): List<String> = buildList {
            if (!windows.ioRings.isUsable) {
                add("Files go by overlapped requests, without an I/O ring. ${windows.ioRings.advice()}")
            } else if (windows.missing.isNotEmpty()) {
                add("I/O rings: ${windows.ioRings.advice()}")
            }
            windows.registeredIo?.let { add("Connections go by WSARecv and WSASend, without Registered I/O.") }
        }

        private fun detours(ring: Capabilities): List<String> = buildList {
            val slow = OpCode.values().filter { ring.support(it) == Support.HELPER_THREAD }
            if (slow.isNotEmpty() && ring.driver() != "nio") {
                add("On a helper thread, since this system has no ring form of it: ${slow.joinToString()}.")
            }
            val missing = OpCode.values().filter { ring.support(it) == Support.NONE }
            if (missing.isNotEmpty()) {
                add("Not to be had with driver ${ring.driver()}: ${missing.joinToString()}.")
            }
        }

        private fun property(name: String): String = System.getProperty(name, "unknown")
    }
}
