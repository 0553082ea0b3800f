package dev.ringflow.examples.guide

import dev.ringflow.Ring

// snippet-begin: ask
fun askTheMachine(): List<String> = buildList {
    for (driver in Ring.drivers()) add("${driver.driver}: ${driver.explanation} ${driver.advice}")
    Ring.open().use { ring ->
        add("this ring uses ${ring.driver()}")
        for ((name, value) in ring.capabilities().details()) add("$name: $value")
    }
}
// snippet-end: ask
