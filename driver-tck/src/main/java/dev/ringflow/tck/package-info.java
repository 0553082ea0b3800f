/**
 * The contract of a driver as tests: each abstract class here holds one part of the behaviour that every driver
 * must show, and is run against a driver by a subclass that opens it.
 */
@NullMarked
package dev.ringflow.tck;

import org.jspecify.annotations.NullMarked;
