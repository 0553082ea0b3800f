/**
 * The raw ring: liburing for the JVM. Names follow liburing by rule ({@code io_uring_prep_read(sqe, …)} is
 * {@code sqe.prepRead(…)}, {@code io_uring_submit(ring)} is {@code ring.submit()}), so that liburing's man pages are
 * documentation for this package too. Results below zero are {@code -errno}; nothing throws on the hot path.
 *
 * <p><b>Addresses are delicate.</b> Where C has a pointer, this package has a {@code long}. It is not checked: a wrong
 * one lets the kernel write into the memory of the JVM. {@link dev.ringflow.uring.Memory} gives addresses of direct
 * buffers. Memory that an entry names belongs to the kernel until the terminal completion of the request, the one
 * without {@code IORING_CQE_F_MORE}; the caller keeps the buffer strongly reachable until then.
 *
 * <p><b>One thread owns a ring.</b> Nothing here is synchronised.
 */
@NullMarked
package dev.ringflow.uring;

import org.jspecify.annotations.NullMarked;
