/** The recipes of the documentation, in Java and in Kotlin. */
@NullMarked
package dev.ringflow.examples.recipes;

import org.jspecify.annotations.NullMarked;
