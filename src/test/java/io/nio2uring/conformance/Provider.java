package io.nio2uring.conformance;

import java.nio.channels.spi.AsynchronousChannelProvider;

/** Which provider the tests run on. */
final class Provider {
    static final String PROPERTY = "java.nio.channels.spi.AsynchronousChannelProvider";

    private Provider() {}

    /** Whether the tests run on the JDK's own: only for promises that go beyond the specification. */
    static boolean isTheJdks() {
        return AsynchronousChannelProvider.provider().getClass().getModule() == Object.class.getModule();
    }
}
