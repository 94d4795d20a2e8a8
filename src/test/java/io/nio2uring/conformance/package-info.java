/**
 * What the specification of {@code java.nio.channels} promises of asynchronous socket channels, as tests.
 *
 * <p>Everything here goes through the public API and the system-wide default provider, so the same tests run on any
 * provider, chosen by the system property {@code java.nio.channels.spi.AsynchronousChannelProvider}. They demand what
 * the specification says and, where it leaves something open that programs rely on, what the JDK's provider does. The
 * far end of a connection is a plain {@link java.nio.channels.SocketChannel} wherever that is possible, so that a test
 * judges one channel at a time.
 *
 * <p>Tests wait on conditions with a deadline of ten seconds ({@link io.nio2uring.conformance.Eventually}); one that
 * takes longer than thirty seconds fails with the stacks of all threads
 * ({@link io.nio2uring.conformance.HangReport}).
 */
package io.nio2uring.conformance;
