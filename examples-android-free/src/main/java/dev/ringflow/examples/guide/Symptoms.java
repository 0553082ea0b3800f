package dev.ringflow.examples.guide;

import dev.ringflow.DriverAvailability;
import dev.ringflow.Ring;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** What a machine and a ring say about themselves. */
public final class Symptoms {
    private Symptoms() {}

    // snippet-begin: ask
    public static List<String> askTheMachine() {
        List<String> answers = new ArrayList<>();
        for (DriverAvailability each : Ring.drivers()) {
            answers.add(each.driver() + ": " + each.explanation() + " " + each.advice());
        }
        try (Ring ring = Ring.open()) {
            answers.add("this ring uses " + ring.driver());
            Map<String, String> details = ring.capabilities().details();
            details.forEach((name, value) -> answers.add(name + ": " + value));
        }
        return answers;
    }
    // snippet-end: ask
}
