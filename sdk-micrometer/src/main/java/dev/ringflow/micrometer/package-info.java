/** The numbers of rings as meters of Micrometer: {@link dev.ringflow.micrometer.RingMeterBinder}. */
@NullMarked
package dev.ringflow.micrometer;

import org.jspecify.annotations.NullMarked;
