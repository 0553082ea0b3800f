/** What the scripts that start the command line ask. */
@NullMarked
package dev.ringflow.examples.launch;

import org.jspecify.annotations.NullMarked;
