package bench;

import java.util.List;

import bench.server.EchoServer;
import bench.server.FanOutServer;
import bench.server.NettyEchoServer;

/** Who is measured, by name, and how each is started. */
final class Contestants {
    /** This provider. */
    static final String URING = "nio2-uring";
    /** Another build of it. */
    static final String BASELINE = "baseline";
    /** This provider without io_uring. */
    static final String PORTABLE = "nio2-uring, portable";
    static final String SPIN = "nio2-uring, spinning";
    static final String SQPOLL = "nio2-uring, SQPOLL";
    /** This provider where the flight recorder is missing, and where it records. */
    static final String NO_RECORDER = "nio2-uring, no recorder";
    static final String RECORDING = "nio2-uring, recording";
    static final String JDK = "JDK";
    static final String NETTY = "Netty";
    static final String FLOOR = "C floor";

    private static final List<String> SPINNING = List.of("-Dnio2uring.spin=50");
    private static final List<String> WITHOUT_URING = List.of("-Dnio2uring.mode=portable");
    private static final List<String> POLLED = List.of("-Dnio2uring.sqpoll=50");

    private Contestants() {}

    /** Starts an echo server. The channel groups and kinds of buffer are those of providers: others have their own. */
    static Server echo(Environment environment, String name, String group, String buffers, int bufferBytes, Load load)
            throws BenchException {
        List<String> command = switch (name) {
            case FLOOR -> List.of(environment.floorProgram(), "0", String.valueOf(bufferBytes));
            case NETTY -> environment.java(name, List.of(), NettyEchoServer.class, List.of());
            default -> environment.java(name, options(environment, name), EchoServer.class,
                    List.of(group, buffers, String.valueOf(bufferBytes), "0"));
        };
        return new Server(environment, name, !name.equals(FLOOR), command, load);
    }

    static Server fanOut(Environment environment, String name, Load load) throws BenchException {
        return new Server(environment, name, true, environment.java(name, List.of(), FanOutServer.class,
                List.of(String.valueOf(load.connections()), String.valueOf(load.messageBytes()))), load);
    }

    /** A server whose heap is all there from the start, and whose connections' buffers are made beforehand. */
    static Server idle(Environment environment, String name, int connections, int bufferBytes, Load load)
            throws BenchException {
        // Every full collection leaves nothing dead behind, by default only every fourth does; and what threads have
        // taken of the heap but not used yet, which counts as used, is little.
        List<String> options = List.of("-XX:+UseSerialGC", "-XX:MarkSweepAlwaysCompactCount=1", "-XX:TLABSize=4k",
                "-XX:-ResizeTLAB", "-Xms768m", "-Xmx768m",
                "-XX:+AlwaysPreTouch");
        return new Server(environment, name, true, environment.java(name, options, EchoServer.class,
                List.of("fixed1", "heap", String.valueOf(bufferBytes), String.valueOf(connections))), load);
    }

    private static List<String> options(Environment environment, String name) {
        return switch (name) {
            case NO_RECORDER -> List.of("--limit-modules", "java.base,jdk.net,jdk.management");
            // Standard output is the server's, for its answers.
            case RECORDING -> List.of("-Xlog:jfr+startup=off", "-XX:StartFlightRecording=filename="
                    + environment.recording());
            case PORTABLE -> WITHOUT_URING;
            case SPIN -> SPINNING;
            case SQPOLL -> POLLED;
            default -> List.of();
        };
    }

    /** Starts a contestant's program, called so in messages, which says at first on which provider it runs. */
    static Program startChecked(String contestant, String name, String processors, List<String> command)
            throws BenchException {
        Program program = Program.start(name, processors, command);
        try {
            checkProvider(contestant, Program.words(program.answer()).get("provider"));
            return program;
        } catch (BenchException e) {
            program.close();
            throw e;
        }
    }

    /** A comparison of a provider with itself would look fine. */
    static void checkProvider(String name, String providerClass) throws BenchException {
        if (name.equals(NETTY)) {
            return;
        }
        boolean isOurs = providerClass.startsWith("io.nio2uring.");
        if (isOurs == name.equals(JDK)) {
            throw new BenchException(name + " runs on " + providerClass);
        }
    }

    /** So would one engine that is measured under the name of the other. */
    static void checkEngine(String name, String engine) throws BenchException {
        if (name.equals(PORTABLE) != engine.equals("java.nio")) {
            throw new BenchException(name + " runs on " + engine);
        }
    }
}
