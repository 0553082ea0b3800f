/**
 * The Windows driver of RingFlow, {@code windows}, and the raw layers under it: I/O rings, Registered I/O, Winsock and completion
 * ports.
 */
module dev.ringflow.windows {
    requires transitive dev.ringflow;
    requires static transitive org.jspecify;
    requires org.jnrproject.ffi;
    requires org.jnrproject.jffi;
    // an automatic module, as JNR-FFI is, cannot ask for ASM itself
    requires org.objectweb.asm;

    // JNR-FFI generates its stubs in an unnamed module, which only an unqualified opens lets in
    opens dev.ringflow.windows.internal;

    exports dev.ringflow.windows.iocp;
    exports dev.ringflow.windows.ioring;
    exports dev.ringflow.windows.rio;

    provides dev.ringflow.spi.DriverProvider with
            dev.ringflow.windows.driver.WindowsDriverProvider;
}
