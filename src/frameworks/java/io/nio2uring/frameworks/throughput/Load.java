package io.nio2uring.frameworks.throughput;

/** What is asked of a server, again and again. Whatever is answered wrongly is an error. */
interface Load {
    /** Asks for so many seconds; returns how much was answered in each of them. */
    double perSecond(int port, int seconds) throws Exception;
}
