/**
 * Waiting for what is neither a file nor a socket of the ring: times, descriptors of others, pipes, the end of
 * processes, words of memory. {@link dev.ringflow.Ring} makes all of it.
 */
@NullMarked
package dev.ringflow.event;

import org.jspecify.annotations.NullMarked;
