/** A dispatcher, suspend functions and flows over rings. */
module dev.ringflow.coroutines {
    requires transitive dev.ringflow;
    requires transitive kotlin.stdlib;
    requires transitive kotlinx.coroutines.core;
    requires static kotlinx.io.core; // for whoever opens such a door, and so has the library
    requires static okio;

    exports dev.ringflow.coroutines;
}
