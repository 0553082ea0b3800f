/**
 * The core's driver for Windows: files through I/O rings, sockets through Registered I/O, and one completion port that the
 * loop thread waits on for all of them.
 */
@NullMarked
package dev.ringflow.windows.driver;

import org.jspecify.annotations.NullMarked;
