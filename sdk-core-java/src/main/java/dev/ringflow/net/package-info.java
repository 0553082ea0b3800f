/**
 * Sockets on a ring: listen, accept, connect, send, receive. What the kernel can repeat by itself, accepting
 * and receiving, is offered as a publisher as well.
 */
@NullMarked
package dev.ringflow.net;

import org.jspecify.annotations.NullMarked;
