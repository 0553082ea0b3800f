/** A dispatcher, suspend functions and flows over rings. */
module dev.ringflow.coroutines {
    requires transitive dev.ringflow;
    requires transitive kotlin.stdlib;
    requires transitive kotlinx.coroutines.core;

    exports dev.ringflow.coroutines;
}
