/** Programs that wait for what is neither file nor socket: changes of directories, timers, the end of processes. */
@NullMarked
package dev.ringflow.examples.events;

import org.jspecify.annotations.NullMarked;
