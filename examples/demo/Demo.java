package demo;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Shows an unmodified NIO.2 program being served over io_uring, and compares it with the same program on the JDK's
 * own provider. Both servers run throughout, each in a virtual machine of its own, and are measured in turn, since the
 * speed of a machine drifts and only ratios between neighbours in time mean anything.
 *
 * <p>With {@code --port} it keeps serving on that port instead, until it is killed.
 *
 * <p>Exit status: 0 if all bytes came back as they were sent, from the providers expected, without a word on either
 * server's standard error; 1 if not; 2 for bad arguments. Whatever is wrong is said in a sentence on standard error.
 */
public final class Demo {
    static final String OURS = "nio2-uring";
    static final String JDK = "JDK";

    private static final String OUR_PROVIDER = "io.nio2uring.UringAsynchronousChannelProvider";
    private static final String JDK_PROVIDER = "sun.nio.ch.LinuxAsynchronousChannelProvider";
    private static final int MESSAGE_BYTES = 64;

    private final DemoOptions options;
    private final Report report = new Report(System.out);

    private Demo(DemoOptions options) {
        this.options = options;
    }

    /** See the class; the arguments are those of {@link DemoOptions}. */
    public static void main(String[] arguments) throws InterruptedException, IOException {
        DemoOptions options;
        try {
            options = DemoOptions.of(arguments);
        } catch (DemoException e) {
            System.err.println(e.getMessage());
            System.exit(2);
            return;
        }
        int status;
        try {
            status = new Demo(options).run();
        } catch (DemoException e) {
            System.err.println(e.getMessage());
            status = 1;
        }
        System.exit(status);
    }

    private int run() throws DemoException, InterruptedException, IOException {
        if (options.port() != 0) {
            return serve();
        }
        compare();
        return 0;
    }

    private int serve() throws DemoException, InterruptedException {
        try (ServerProcess server = ourServer(options.port())) {
            // Should Maven be killed, nobody would be left whose Ctrl-C could reach the server.
            ProcessHandle.current().parent().ifPresent(parent -> parent.onExit().thenRun(server::kill));
            System.out.println("Echo on 127.0.0.1 port " + options.port() + ", served by");
            report.identity(OURS, identified(OURS, server, OUR_PROVIDER));
            System.out.println();
            System.out.println("In another terminal:  nc 127.0.0.1 " + options.port());
            System.out.println("Ctrl-C here ends the server.");
            int status = server.awaitEnd(System.err);
            throw new DemoException("The server ended by itself, with status " + status + ".");
        }
    }

    private void compare() throws DemoException, InterruptedException, IOException {
        System.out.printf("An unmodified NIO.2 echo server, %d connections x %d B, one message in flight%n",
                options.connections(), MESSAGE_BYTES);
        System.out.println("on each, group " + options.group() + ", every byte checked.");
        System.out.println();
        long seed = new SplittableRandom().nextLong();
        try (Contestant ours = contestant(OURS, ourServer(0), OUR_PROVIDER, seed);
                Contestant jdk = contestant(JDK, jdkServer(), JDK_PROVIDER, ~seed)) {
            ours.warmUp(options.warmUp());
            jdk.warmUp(options.warmUp());
            for (int round = 0; round < options.rounds(); round++) {
                // Who goes first changes, so that a machine that steadily slows down favours neither.
                for (Contestant next : round % 2 == 0 ? List.of(ours, jdk) : List.of(jdk, ours)) {
                    next.measure(options.round());
                }
            }
            ours.finish();
            jdk.finish();
            report.print(ours, jdk);
            checkServedByRing(ours);
        }
        System.out.println("OK: all messages came back as they were sent.");
    }

    private ServerProcess ourServer(int port) throws DemoException, InterruptedException {
        return start(OURS, List.of(), port);
    }

    private ServerProcess jdkServer() throws DemoException, InterruptedException {
        return start(JDK, List.of("-Djava.nio.channels.spi.AsynchronousChannelProvider=" + JDK_PROVIDER), 0);
    }

    private ServerProcess start(String name, List<String> extraOptions, int port)
            throws DemoException, InterruptedException {
        List<String> jvmOptions = new ArrayList<>(extraOptions);
        jvmOptions.addAll(List.of("--enable-native-access=ALL-UNNAMED", "-cp", options.classPath()));
        return ServerProcess.start("The " + name + " server", jvmOptions,
                List.of(options.serverMain(), Integer.toString(port), options.group()));
    }

    private Contestant contestant(String name, ServerProcess server, String expectedProvider, long seed)
            throws DemoException, InterruptedException {
        try {
            identified(name, server, expectedProvider);
        } catch (DemoException e) {
            server.kill();
            throw e;
        }
        return new Contestant("The " + name + " server", server, options.connections(), MESSAGE_BYTES, seed);
    }

    private static ServerStatistics identified(String name, ServerProcess server, String expectedProvider)
            throws DemoException, InterruptedException {
        ServerStatistics statistics = server.statistics();
        if (!statistics.providerClass().equals(expectedProvider)) {
            throw new DemoException("The " + name + " server runs on " + statistics.providerClass() + ", not on "
                    + expectedProvider + ".");
        }
        return statistics;
    }

    /** Each message takes at least a completed send, however its bytes were received. */
    private static void checkServedByRing(Contestant ours) throws DemoException {
        ServerStatistics spent = ours.statistics();
        if (spent.completionsReaped() < ours.messages() || spent.entriesSubmitted() < ours.messages()) {
            throw new DemoException("The rings saw " + spent.entriesSubmitted() + " entries and "
                    + spent.completionsReaped() + " completions for " + ours.messages()
                    + " messages: io_uring did not serve them.");
        }
    }
}
