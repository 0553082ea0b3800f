/** Datagrams there and back, in Java. */
@NullMarked
package dev.ringflow.examples.udp;

import org.jspecify.annotations.NullMarked;
