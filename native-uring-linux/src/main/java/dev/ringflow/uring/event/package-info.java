/**
 * Descriptors of the kernel that tell events: counters, timers, changes of files, the end of processes. A ring waits
 * for them and reads them as {@link dev.ringflow.event.ForeignDescriptor}; whoever opened one closes it.
 *
 * <p>They are close-on-exec, and they wait when they are read: the ring's reads complete when there is something, and
 * nobody else should read them.
 */
@NullMarked
package dev.ringflow.uring.event;

import org.jspecify.annotations.NullMarked;
