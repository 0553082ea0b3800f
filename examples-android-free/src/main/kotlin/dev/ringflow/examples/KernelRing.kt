package dev.ringflow.examples

import dev.ringflow.uring.ConstantNames
import dev.ringflow.uring.Uring
import dev.ringflow.uring.UringException
import dev.ringflow.uring.UringParams

/**
 * What the kernel says about io_uring, asked with a small ring of the raw layer.
 *
 * @property setupFlags those that it granted, of those that the driver wishes for
 * @property supported opcodes that it has
 * @property missing opcodes that it lacks and that this version knows by name
 */
internal class KernelRing private constructor(
    val setupFlags: List<String>,
    val refusedFlags: List<String>,
    val features: List<String>,
    val supported: List<String>,
    val missing: List<String>
) {
    companion object {
        private const val ENTRIES = 8

        /** Asks the kernel; null where io_uring cannot be had, for reasons that the drivers' table tells. */
        fun ask(): KernelRing? = if (System.getProperty("os.name") != "Linux") null else open()

        private fun open(): KernelRing? = try {
            Uring.open(UringParams.of(ENTRIES)).use(::describe)
        } catch (_: UringException) {
            null
        } catch (_: LinkageError) {
            null
        }

        private fun describe(ring: Uring): KernelRing {
            val probe = ring.probe
            val known = 0 until maxOf(ConstantNames.opcodeCount(), probe.opsLen())
            val (supported, missing) = known.partition(probe::opcodeSupported)
            val granted = ring.params().flags()
            return KernelRing(
                names(ConstantNames.setupFlags(granted)),
                names(ConstantNames.setupFlags(UringParams.DEFAULT_WISHES and granted.inv())),
                names(ConstantNames.features(ring.params().features())),
                supported.map(ConstantNames::opcode),
                missing.filter { it < ConstantNames.opcodeCount() }.map(ConstantNames::opcode)
            )
        }

        private fun names(joined: String): List<String> = if (joined == "0") emptyList() else joined.split('|')
    }
}
