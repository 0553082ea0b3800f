/**
 * What a platform implements: a {@link dev.ringflow.spi.Driver} takes operations, submits them in batches and
 * calls them back, and a {@link dev.ringflow.spi.DriverProvider} says whether it can be had on this machine.
 * Applications need nothing from this package.
 */
@NullMarked
package dev.ringflow.spi;

import org.jspecify.annotations.NullMarked;
