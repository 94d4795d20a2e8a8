package bench;

import java.util.List;

/**
 * A load on a server, as the C program knows it.
 *
 * @param kind             {@code closed}, {@code open}, {@code short} or {@code fan-out}
 * @param messagesInFlight on each connection
 * @param rate             messages per second, of the open loop
 * @param silent           connections of the closed loop beside those, which never say a word
 */
record Load(String kind, int connections, int messageBytes, int messagesInFlight, double rate, int silent) {
    private static final double RAMP_SECONDS = 0.2;

    static Load closed(int connections, int messageBytes, int messagesInFlight) {
        return new Load("closed", connections, messageBytes, messagesInFlight, 0, 0);
    }

    Load besideSilent(int connectionsBeside) {
        return new Load(kind, connections, messageBytes, messagesInFlight, rate, connectionsBeside);
    }

    Load openAt(double messagesPerSecond) {
        return new Load("open", connections, messageBytes, 1, messagesPerSecond, silent);
    }

    List<String> command(Environment environment, int port, long serverId, double seconds) {
        return List.of(environment.loadProgram(), kind, String.valueOf(port), String.valueOf(serverId),
                String.valueOf(connections), String.valueOf(messageBytes), String.valueOf(messagesInFlight),
                String.valueOf(RAMP_SECONDS), String.valueOf(seconds), String.valueOf(rate),
                String.valueOf(silent));
    }
}
