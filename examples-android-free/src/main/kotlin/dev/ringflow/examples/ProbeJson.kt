package dev.ringflow.examples

import dev.ringflow.spi.OpCode

/** A report as JSON, for programs. */
internal object ProbeJson {
    fun of(report: ProbeReport): String = Json.write(
        linkedMapOf(
            "system" to report.system,
            "drivers" to report.drivers.map {
                linkedMapOf(
                    "name" to it.driver(),
                    "usable" to it.isUsable,
                    "reason" to it.reason(),
                    "explanation" to it.explanation(),
                    "advice" to it.advice()
                )
            },
            "io_uring" to report.kernel?.let {
                linkedMapOf(
                    "setupFlags" to it.setupFlags,
                    "setupFlagsRefused" to it.refusedFlags,
                    "features" to it.features,
                    "opcodes" to it.supported,
                    "opcodesMissing" to it.missing
                )
            },
            "windows" to report.windows?.let {
                linkedMapOf(
                    "completionPorts" to (it.completionPorts == null),
                    "registeredIo" to (it.registeredIo == null),
                    "ioRings" to it.ioRings.isUsable,
                    "ioRingVersion" to it.maxVersion,
                    "ioRingOperations" to it.supported,
                    "ioRingOperationsMissing" to it.missing,
                    "why" to listOfNotNull(it.completionPorts, it.registeredIo, it.ioRings.reason())
                )
            },
            "limits" to report.limits.associate { it.name to it.value },
            "ring" to report.ring?.let { ring ->
                linkedMapOf(
                    "driver" to ring.driver(),
                    "operations" to OpCode.values().associate { it.name to ring.support(it) },
                    "registeredBuffers" to ring.registeredBuffers(),
                    "cancellation" to ring.cancellation(),
                    "details" to ring.details()
                )
            },
            "advice" to report.advice
        )
    )
}
