/** An echo server in Java, in the form that costs least. */
@NullMarked
package dev.ringflow.examples.echo;

import org.jspecify.annotations.NullMarked;
