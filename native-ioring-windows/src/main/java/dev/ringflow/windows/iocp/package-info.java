/**
 * Winsock and completion ports of Windows, usable alone: sockets and their addresses, overlapped requests with stable
 * memory, connections accepted by a pool of {@code AcceptEx} and made by {@code ConnectEx}, overlapped files.
 * Registered I/O builds on it in {@code dev.ringflow.windows.rio}.
 */
@NullMarked
package dev.ringflow.windows.iocp;

import org.jspecify.annotations.NullMarked;
