/**
 * The Windows side of RingFlow: IoRing for files, Registered I/O for sockets, completion ports for the rest.
 */
@NullMarked
package dev.ringflow.windows;

import org.jspecify.annotations.NullMarked;
