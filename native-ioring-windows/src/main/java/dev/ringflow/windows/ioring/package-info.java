/**
 * The raw I/O ring of Windows: the functions of {@code ioringapi.h}, usable alone. Names follow Windows by rule:
 * {@code BuildIoRingReadFile(ring, …)} is {@code ring.buildReadFile(…)}, {@code PopIoRingCompletion(ring, …)} is
 * {@code ring.popCompletion(…)}, {@code IORING_CAPABILITIES} is {@code IoRingCapabilities}; so Microsoft's reference is
 * documentation for this package too. Results are {@code HRESULT}s, below zero for a failure; {@link
 * dev.ringflow.windows.ioring.HResult} names and explains them. Nothing throws on the hot path.
 *
 * <p><b>Addresses are delicate.</b> Where C has a pointer or a handle, this package has a {@code long}. It is not checked: a
 * wrong one lets Windows write into the memory of the JVM. Memory that an entry names belongs to Windows from the build
 * function on, since any later submission runs it, until its completion was popped; the caller keeps it allocated until
 * then.
 *
 * <p><b>Version.</b> Windows 11 and Windows Server 2022 have I/O rings; writes, flushes and draining take version 3, scatter
 * and gather version 4. Ask {@link dev.ringflow.windows.ioring.IoRing#availability()}, never the version of Windows.
 */
@NullMarked
package dev.ringflow.windows.ioring;

import org.jspecify.annotations.NullMarked;
