package dev.ringflow.windows.driver;

import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Lets the rings of a class do without Registered I/O, as where Windows lacks it. */
final class WithoutRegisteredIo implements BeforeAllCallback, AfterAllCallback {
    @Override
    public void beforeAll(final ExtensionContext context) {
        System.setProperty(SocketFamily.REGISTERED_PROPERTY, "false");
    }

    @Override
    public void afterAll(final ExtensionContext context) {
        System.clearProperty(SocketFamily.REGISTERED_PROPERTY);
    }
}
