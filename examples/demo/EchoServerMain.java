package demo;

import echo.EchoServer;

/** Starts the echo server, unmodified, in a virtual machine that can be asked for its provider's statistics. */
public final class EchoServerMain {
    private EchoServerMain() {}

    /** Takes the arguments of {@link EchoServer}. */
    public static void main(String[] args) throws InterruptedException {
        StatisticsConsole.start();
        EchoServer.main(args);
    }
}
