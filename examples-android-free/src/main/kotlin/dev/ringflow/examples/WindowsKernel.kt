package dev.ringflow.examples

import dev.ringflow.windows.iocp.CompletionPort
import dev.ringflow.windows.ioring.IoRing
import dev.ringflow.windows.ioring.IoRingAvailability
import dev.ringflow.windows.ioring.IoRingConstants
import dev.ringflow.windows.rio.Rio

/**
 * What Windows says about the three interfaces that the driver stands on, asked through the raw layers.
 *
 * @property completionPorts null if there are completion ports, otherwise why not
 * @property ioRings what is to be known about I/O rings, or why there are none
 * @property registeredIo null if there is Registered I/O, otherwise why not
 */
internal class WindowsKernel private constructor(
    val completionPorts: String?,
    val ioRings: IoRingAvailability,
    val registeredIo: String?
) {
    /** Operations of an I/O ring that this Windows has. */
    val supported: List<String> = OPERATIONS.filter(ioRings::supports).map(IoRingConstants::opName)

    /** Operations of an I/O ring that it lacks. */
    val missing: List<String> = OPERATIONS.filterNot(ioRings::supports).map(IoRingConstants::opName)

    /** The highest version of I/O rings that Windows offers; null without rings. */
    val maxVersion: Int? get() = ioRings.capabilities()?.maxVersion()

    /** The most entries of a submission queue; null without rings. */
    val maxSubmissionQueue: Int? get() = ioRings.capabilities()?.maxSubmissionQueueSize()

    /** The most entries of a completion queue; null without rings. */
    val maxCompletionQueue: Int? get() = ioRings.capabilities()?.maxCompletionQueueSize()

    companion object {
        private val OPERATIONS = IoRingConstants.IORING_OP_NOP..IoRingConstants.IORING_OP_WRITE_GATHER

        /** Asks Windows; null on other systems. */
        fun ask(): WindowsKernel? = if (isWindows()) {
            WindowsKernel(CompletionPort.unavailable(), IoRing.availability(), Rio.unavailable())
        } else {
            null
        }
    }
}

/** Whether this JVM is one of Windows'. */
internal fun isWindows(): Boolean = System.getProperty("os.name").startsWith("Windows")
