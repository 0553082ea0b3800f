/**
 * The driver that runs wherever a JDK does: the operations of the SPI on NIO channels and a selector. It is the
 * fallback when the kernel offers no ring, and the proof that the SPI does not depend on one.
 */
@NullMarked
package dev.ringflow.nio;

import org.jspecify.annotations.NullMarked;
