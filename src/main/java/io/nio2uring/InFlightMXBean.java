package io.nio2uring;

/**
 * What is in flight in a whole process. It is not shown by itself: a JMX client that wants it creates the bean, as {@code
 * java -jar nio2-uring.jar --dump PID} does.
 */
public interface InFlightMXBean {
    /**
     * Lists, provider by provider, loop by loop and channel by channel, what is in flight. Waits half a second at most for
     * each loop that does not answer.
     *
     * @return several lines
     */
    String dump();
}
