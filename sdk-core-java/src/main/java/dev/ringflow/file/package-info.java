/**
 * Files on a ring: read, write, synchronise, truncate, look up, each as one operation that completes on the
 * loop. Positions are explicit, so one open file may serve any number of operations at a time.
 */
@NullMarked
package dev.ringflow.file;

import org.jspecify.annotations.NullMarked;
