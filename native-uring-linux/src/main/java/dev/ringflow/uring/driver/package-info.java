/**
 * The io_uring driver of RingFlow: operations of the SPI become submission queue entries, and completion queue
 * entries find their operation again. It is found through {@link java.util.ServiceLoader}; applications need
 * nothing from this package.
 */
@NullMarked
package dev.ringflow.uring.driver;

import org.jspecify.annotations.NullMarked;
