/**
 * Registered I/O of Windows, usable alone: send and receive on sockets whose requests and completions go through
 * queues in shared memory, from buffers that were registered before. Works from Windows 8 and Server 2012 on.
 */
@NullMarked
package dev.ringflow.windows.rio;

import org.jspecify.annotations.NullMarked;
