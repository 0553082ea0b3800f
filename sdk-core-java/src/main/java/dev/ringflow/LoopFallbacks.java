package dev.ringflow;

import dev.ringflow.spi.OpCode;

/** Which operations a driver does in another form than its kernel's own, worked out once so that the loop need not ask. */
final class LoopFallbacks {
    private LoopFallbacks() {}

    /** By {@link OpCode#ordinal()}. */
    static boolean[] standIns(Capabilities capabilities) {
        OpCode[] codes = OpCode.values();
        boolean[] standIns = new boolean[codes.length];
        capabilities.operations().forEach((code, support) -> standIns[code.ordinal()] = isStandIn(support));
        return standIns;
    }

    private static boolean isStandIn(Support support) {
        return support == Support.ALTERNATIVE || support == Support.HELPER_THREAD;
    }
}
