/**
 * The C library and the system calls behind the ring. Not exported: no part of the API, and free to change. Opened,
 * because JNR-FFI generates its stubs in another module.
 */
@NullMarked
package dev.ringflow.uring.internal;

import org.jspecify.annotations.NullMarked;
