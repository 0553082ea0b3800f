/**
 * C structs that entries point to, written and read in direct buffers: where each field lies, and how it is set. All
 * positions are absolute indices in bytes; a buffer's own position and limit are left alone. Buffers are in native byte
 * order, as {@link dev.ringflow.uring.Memory#allocate} gives them.
 */
@NullMarked
package dev.ringflow.uring.struct;

import org.jspecify.annotations.NullMarked;
