package dev.ringflow.tck;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.Comparator;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.opentest4j.TestAbortedException;
import org.reactivestreams.tck.TestEnvironment;
import org.reactivestreams.tck.flow.FlowPublisherVerification;
import org.testng.SkipException;
import org.testng.annotations.Test;

/** The rules of Reactive Streams for publishers, from their own test kit: a test each. */
final class PublisherRules {
    static final int COLLECTION_MILLIS = 300;
    private static final int PATIENCE_MILLIS = 2000;
    private static final int QUIET_MILLIS = 100;

    private PublisherRules() {}

    /** Rules that the kit marks as optional, or as not verifiable, are skipped with the kit's reason. */
    static Stream<DynamicTest> of(Supplier<FlowPublisherVerification<?>> verification) {
        return Arrays.stream(FlowPublisherVerification.class.getMethods())
                .filter(each -> each.isAnnotationPresent(Test.class))
                .sorted(Comparator.comparing(Method::getName))
                .map(each -> DynamicTest.dynamicTest(each.getName(), () -> verify(verification.get(), each)));
    }

    private static void verify(FlowPublisherVerification<?> verification, Method rule) throws Throwable {
        verification.setUp();
        try {
            rule.invoke(verification);
        } catch (InvocationTargetException e) {
            Throwable cause = e.getCause();
            throw cause instanceof SkipException ? new TestAbortedException(cause.getMessage(), cause) : cause;
        }
    }

    static TestEnvironment environment() {
        return new TestEnvironment(PATIENCE_MILLIS, QUIET_MILLIS);
    }
}
