/** The Windows driver of RingFlow. */
module dev.ringflow.windows {
    requires transitive dev.ringflow;
    requires static transitive org.jspecify;
    requires org.jnrproject.ffi;
    requires org.jnrproject.jffi;
    // an automatic module, as JNR-FFI is, cannot ask for ASM itself
    requires org.objectweb.asm;
}
