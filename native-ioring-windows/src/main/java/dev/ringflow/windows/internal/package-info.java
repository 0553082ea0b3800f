/**
 * What the Windows packages share: the functions of Windows that they call, and memory for them. Not exported: no part of
 * the API, and free to change. Opened, because JNR-FFI generates its stubs in another module.
 */
@NullMarked
package dev.ringflow.windows.internal;

import org.jspecify.annotations.NullMarked;
