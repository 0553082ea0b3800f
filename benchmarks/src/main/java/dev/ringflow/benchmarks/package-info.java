/**
 * What RingFlow costs, measured with JMH and against other programs on the same machine.
 */
@NullMarked
package dev.ringflow.benchmarks;

import org.jspecify.annotations.NullMarked;
