package dev.ringflow.tck;

import dev.ringflow.Ring;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.time.Duration;
import java.util.Arrays;
import java.util.Comparator;
import java.util.concurrent.Flow;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.opentest4j.TestAbortedException;
import org.reactivestreams.tck.TestEnvironment;
import org.reactivestreams.tck.flow.FlowPublisherVerification;
import org.testng.SkipException;
import org.testng.annotations.Test;

/**
 * The rules of Reactive Streams for the publisher of ticks, which never completes, checked by their own test kit.
 * Rules that the kit marks as optional, or as not verifiable, are skipped with the kit's reason.
 */
public abstract class TicksRulesContract extends DriverContract {
    private static final int PATIENCE_MILLIS = 2000;
    private static final int QUIET_MILLIS = 100;
    private static final int COLLECTION_MILLIS = 300;

    /** For subclasses. */
    protected TicksRulesContract() {}

    @TestFactory
    Stream<DynamicTest> publisherOfTicksKeepsTheRules() {
        return Arrays.stream(FlowPublisherVerification.class.getMethods())
                .filter(each -> each.isAnnotationPresent(Test.class))
                .sorted(Comparator.comparing(Method::getName))
                .map(each -> DynamicTest.dynamicTest(each.getName(), () -> verify(each)));
    }

    private void verify(Method rule) throws Throwable {
        Ticks ticks = new Ticks();
        ticks.setUp();
        try {
            rule.invoke(ticks);
        } catch (InvocationTargetException e) {
            Throwable cause = e.getCause();
            throw cause instanceof SkipException ? new TestAbortedException(cause.getMessage(), cause) : cause;
        }
    }

    private final class Ticks extends FlowPublisherVerification<Long> {
        Ticks() {
            super(new TestEnvironment(PATIENCE_MILLIS, QUIET_MILLIS), COLLECTION_MILLIS);
        }

        @Override
        public long maxElementsFromPublisher() {
            return publisherUnableToSignalOnComplete();
        }

        @Override
        public Flow.Publisher<Long> createFlowPublisher(long elements) {
            return ring().ticksPublisher(Duration.ofMillis(1));
        }

        @Override
        public Flow.Publisher<Long> createFailedFlowPublisher() {
            Ring ended = open(options());
            await(ended.closeAsync());
            return ended.ticksPublisher(Duration.ofMillis(1));
        }
    }
}
