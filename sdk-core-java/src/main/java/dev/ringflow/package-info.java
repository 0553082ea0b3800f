/**
 * Rings: the event loop that submits operations to the kernel and hands their results back. {@link
 * dev.ringflow.Ring} is where everything starts; {@link dev.ringflow.RingOptions} configures it, {@link
 * dev.ringflow.Capabilities} says what it can do here, and {@link dev.ringflow.DriverAvailability} why a driver
 * cannot be had. Failures are {@link java.io.IOException}s of NIO where NIO has one, and {@link
 * dev.ringflow.RingException} where it has none.
 */
@NullMarked
package dev.ringflow;

import org.jspecify.annotations.NullMarked;
