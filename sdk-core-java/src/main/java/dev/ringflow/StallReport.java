package dev.ringflow;

import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/** What is told of a loop that does not come back from a callback. On the watchdog's thread. */
final class StallReport {
    /** Frames of the JDK, of Kotlin, and of this library: none of them is the callback. */
    private static final Pattern NOT_THE_USERS = Pattern.compile("(java|javax|jdk|sun|com\\.sun|kotlin|kotlinx)\\..*"
            + "|dev\\.ringflow\\.([A-Z].*|(buffer|coroutines|event|file|internal|net|nio|spi|uring|windows)\\..*)");

    private StallReport() {}

    static void held(String ring, String threadName, long nanos, StackTraceElement[] stack) {
        String callback = callback(stack);
        String lines = lines(stack);
        LoopReports.log(
                System.Logger.Level.WARNING,
                threadName + " has been held for " + TimeUnit.NANOSECONDS.toMillis(nanos) + " ms by " + callback
                        + ". Nothing else on this ring goes on meanwhile: do what blocks on another thread."
                        + lines,
                null);
        RingEvents.current().stall(ring, threadName, nanos, callback, lines.strip());
    }

    static void goesOn(String threadName, long nanos) {
        LoopReports.log(
                System.Logger.Level.INFO,
                threadName + " goes on, after " + TimeUnit.NANOSECONDS.toMillis(nanos) + " ms",
                null);
    }

    /** The frame nearest to the loop that is neither the JDK's nor this library's; the top one if there is none. */
    static String callback(StackTraceElement[] stack) {
        int at = stack.length - 1;
        while (at > 0 && !isTheUsers(stack[at])) {
            at--;
        }
        StackTraceElement found = isTheUsers(stack[at]) ? stack[at] : stack[0];
        while (at > 0 && isSameMethod(stack[at - 1], found)) {
            found = stack[--at]; // from a bridge to what is behind it
        }
        String line = found.getLineNumber() >= 0 ? ":" + found.getLineNumber() : "";
        return found.getClassName() + "." + found.getMethodName() + "(" + found.getFileName() + line + ")";
    }

    private static boolean isTheUsers(StackTraceElement frame) {
        String name = frame.getClassName();
        return !name.contains("$$Lambda") && !NOT_THE_USERS.matcher(name).matches();
    }

    private static boolean isSameMethod(StackTraceElement one, StackTraceElement other) {
        return one.getClassName().equals(other.getClassName())
                && one.getMethodName().equals(other.getMethodName());
    }

    private static String lines(StackTraceElement[] stack) {
        StringBuilder text = new StringBuilder();
        for (StackTraceElement each : stack) {
            text.append(System.lineSeparator()).append("\tat ").append(each);
        }
        return text.toString();
    }
}
