package dev.ringflow.examples.top

import com.sun.tools.attach.AttachNotSupportedException
import com.sun.tools.attach.VirtualMachine
import java.io.IOException
import javax.management.InstanceNotFoundException
import javax.management.MBeanServerConnection
import javax.management.ObjectName
import javax.management.remote.JMXConnector
import javax.management.remote.JMXConnectorFactory
import javax.management.remote.JMXServiceURL

/** A process that shows rings. */
internal class RingProcess(val pid: String, val program: String)

/** Somebody does not let us look into a process; [message] says what to do. */
internal class AttachRefusedException(message: String, cause: Throwable) : Exception(message, cause)

/** The rings of another process, by JMX. */
internal class RemoteRings private constructor(private val connector: JMXConnector) : AutoCloseable {
    private val beans: MBeanServerConnection = connector.mBeanServerConnection

    /** All that are open now, by name. */
    fun sample(): List<RingSample> = beans.queryNames(RINGS, null).mapNotNull(::sample).sortedBy { it.name }

    private fun sample(ring: ObjectName): RingSample? = try {
        val names = beans.getMBeanInfo(ring).attributes.map { it.name } - "Details"
        val values = beans.getAttributes(ring, names.toTypedArray()).asList().associate { it.name to it.value }
        RingSample(
            values["Name"].toString(),
            values["Driver"].toString(),
            System.nanoTime(),
            values.filterValues { it is Long }.entries.associate { (name, value) ->
                name.replaceFirstChar(Char::lowercaseChar) to value as Long
            }
        )
    } catch (_: InstanceNotFoundException) {
        null // closed meanwhile
    }

    override fun close() = try {
        connector.close()
    } catch (_: IOException) {
        // the process has ended
    }

    companion object {
        private val RINGS = ObjectName("dev.ringflow:type=Ring,*")
        private const val MARK = "dev.ringflow.rings"

        /** The processes of this machine that show rings, and those that would not tell. */
        fun processes(): Pair<List<RingProcess>, List<RingProcess>> {
            val own = ProcessHandle.current().pid().toString()
            val others = VirtualMachine.list().filter { it.id() != own }
            val shown = mutableListOf<RingProcess>()
            val silent = mutableListOf<RingProcess>()
            for (each in others) {
                val process = RingProcess(each.id(), each.displayName())
                try {
                    if (attached(each.id()) { it.systemProperties.containsKey(MARK) }) {
                        shown += process
                    }
                } catch (_: AttachRefusedException) {
                    silent += process
                }
            }
            return shown to silent
        }

        /** Has the process start its management agent, for local use only, and connects to it. */
        fun connect(pid: String): RemoteRings {
            val address = attached(pid) { it.startLocalManagementAgent() }
            return RemoteRings(JMXConnectorFactory.connect(JMXServiceURL(address)))
        }

        private fun <T> attached(pid: String, use: (VirtualMachine) -> T): T = try {
            val machine = VirtualMachine.attach(pid)
            try {
                use(machine)
            } finally {
                machine.detach()
            }
        } catch (e: AttachNotSupportedException) {
            throw refused(pid, e)
        } catch (e: IOException) {
            throw refused(pid, e)
        }

        private fun refused(pid: String, why: Exception): AttachRefusedException {
            val alive = pid.toLongOrNull()?.let { ProcessHandle.of(it).isPresent } ?: false
            val advice = if (alive) {
                "Run this as the user whose process it is, inside the same container, and see that the process " +
                    "was not started with -XX:+DisableAttachMechanism. Where that cannot be, start it with a JMX " +
                    "port and look at dev.ringflow:type=Ring with any JMX client, or record it: " +
                    "-XX:StartFlightRecording."
            } else {
                "There is no such process; `ringflow top` without a number lists those with rings."
            }
            return AttachRefusedException("process $pid cannot be attached to (${why.message}). $advice", why)
        }
    }
}
