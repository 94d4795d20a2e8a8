package bench.server;

import java.io.IOException;
import java.nio.channels.AsynchronousChannelGroup;
import java.util.concurrent.Executors;

/** Channel groups by name. */
final class Groups {
    private Groups() {}

    /** The group of that name; null, which channels take as the default group, for {@code default}. */
    static AsynchronousChannelGroup open(String name) throws IOException {
        return switch (name) {
            case "fixed1" -> AsynchronousChannelGroup.withFixedThreadPool(1, Executors.defaultThreadFactory());
            case "fixed2" -> AsynchronousChannelGroup.withFixedThreadPool(2, Executors.defaultThreadFactory());
            case "fixed4" -> AsynchronousChannelGroup.withFixedThreadPool(4, Executors.defaultThreadFactory());
            case "cached" -> AsynchronousChannelGroup.withCachedThreadPool(Executors.newCachedThreadPool(), 1);
            case "pool2" -> AsynchronousChannelGroup.withThreadPool(Executors.newFixedThreadPool(2));
            case "pool4" -> AsynchronousChannelGroup.withThreadPool(Executors.newFixedThreadPool(4));
            case "unbounded" -> AsynchronousChannelGroup.withThreadPool(Executors.newCachedThreadPool());
            case "default" -> null;
            default -> throw new IllegalArgumentException("there is no group \"" + name + "\"");
        };
    }
}
