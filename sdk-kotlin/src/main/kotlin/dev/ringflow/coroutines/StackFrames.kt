package dev.ringflow.coroutines

import kotlin.coroutines.Continuation
import kotlin.coroutines.jvm.internal.CoroutineStackFrame

private val BOUNDARY = StackTraceElement("_COROUTINE._BOUNDARY", "_", null, -1)

/**
 * Adds the suspended callers to the stack trace. A failure is made on the loop thread, whose own frames do not say who
 * asked. The exception stays the same object, so its class and all that it carries are as the ring made them.
 */
internal fun Throwable.alsoShowing(caller: Continuation<*>): Throwable {
    val callers = ArrayList<StackTraceElement>()
    var frame = caller as? CoroutineStackFrame
    while (frame != null) {
        frame.getStackTraceElement()?.let(callers::add)
        frame = frame.callerFrame
    }
    if (callers.isNotEmpty() && stackTrace.isNotEmpty()) {
        stackTrace = arrayOf(*stackTrace, BOUNDARY, *callers.toTypedArray())
    }
    return this
}
