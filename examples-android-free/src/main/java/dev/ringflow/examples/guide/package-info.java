/** The Java programs that the guides quote. */
@NullMarked
package dev.ringflow.examples.guide;

import org.jspecify.annotations.NullMarked;
