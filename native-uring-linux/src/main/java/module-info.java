/** io_uring for the JVM, and the Linux driver of RingFlow on top of it. */
module dev.ringflow.uring {
    requires transitive dev.ringflow;
    requires static transitive org.jspecify;
    requires org.jnrproject.ffi;
    requires org.jnrproject.jffi;
    // an automatic module, as JNR-FFI is, cannot ask for ASM itself
    requires org.objectweb.asm;

    exports dev.ringflow.uring;
    exports dev.ringflow.uring.driver;
    exports dev.ringflow.uring.event;
    exports dev.ringflow.uring.struct;

    // JNR-FFI generates its stubs in an unnamed module, which only an unqualified opens lets in
    opens dev.ringflow.uring.internal;

    provides dev.ringflow.spi.DriverProvider with
            dev.ringflow.uring.driver.UringDriverProvider;
}
