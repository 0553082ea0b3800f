/**
 * Memory that the kernel reads and writes. A buffer in use by an operation belongs to the kernel until the
 * operation has completed, whatever became of the caller meanwhile.
 */
@NullMarked
package dev.ringflow.buffer;

import org.jspecify.annotations.NullMarked;
