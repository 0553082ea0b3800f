package dev.ringflow.examples.guide

import dev.ringflow.Ring
import dev.ringflow.RingOptions
import dev.ringflow.RingUnavailableException

// snippet-begin: drivers
fun whatStandsInTheWay(): List<String> = Ring.drivers().map { driver ->
    "${driver.driver}: ${driver.reason}. ${driver.explanation} ${driver.advice}"
}
// snippet-end: drivers

// snippet-begin: certain-driver
fun openWith(driver: String): Ring? = try {
    Ring.open(RingOptions.builder().driver(driver).build())
} catch (e: RingUnavailableException) {
    System.err.println(e.message)
    null
}
// snippet-end: certain-driver
