package io.nio2uring.diagnostics;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.AsynchronousChannelGroup;
import java.nio.channels.spi.AsynchronousChannelProvider;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

import io.nio2uring.diagnostics.Fact.Mark;

/**
 * Opens a group of some kind, looks what it runs on, and tries it.
 *
 * @param key   name of the kind for machines
 * @param label name of the kind for people
 * @param open  opens a group; null is the provider's default group
 */
public record GroupTrial(String key, String label, Opening open) {
    private static final long LIMIT_NANOS = TimeUnit.SECONDS.toNanos(5);

    /** Opens a group. */
    @FunctionalInterface
    public interface Opening {
        /**
         * Opens it.
         *
         * @return the group; null for the default group
         * @throws IOException if that fails
         */
        AsynchronousChannelGroup open() throws IOException;
    }

    /**
     * What a group runs on.
     *
     * @param name      of the engine
     * @param loops     how many
     * @param ringFlags names of the flags of their rings, joined by {@code |}
     */
    public record Engine(String name, int loops, String ringFlags) {
    }

    /**
     * Tries it.
     *
     * @param provider that opens the channels
     * @param engine   tells, while the group is open, what it runs on
     * @return what was found; bad unless every byte came back
     * @throws InterruptedException if the thread is interrupted
     */
    public Fact run(AsynchronousChannelProvider provider, Supplier<Engine> engine) throws InterruptedException {
        AsynchronousChannelGroup group;
        try {
            group = open.open();
        } catch (IOException | RuntimeException | Error e) {
            return new Fact(key, label, Map.of("failure", e.toString()), "cannot be opened: " + e, Mark.BAD, "");
        }
        try {
            EchoTrial.Outcome outcome = EchoTrial.run(provider, group, LIMIT_NANOS);
            return describe(engine.get(), outcome);
        } finally {
            shutDown(group);
        }
    }

    private Fact describe(Engine engine, EchoTrial.Outcome outcome) {
        Map<String, Object> value = new LinkedHashMap<>();
        value.put("engine", engine.name());
        value.put("loops", engine.loops());
        value.put("ringFlags", engine.ringFlags());
        value.put("echo", outcome.failure() == null);
        value.put("echoNanos", outcome.nanos());
        value.put("failure", outcome.failure());
        String text = engine.name() + ", loops: " + engine.loops() + "; " + (outcome.failure() == null
                ? String.format(Locale.ROOT, "echo of %d KiB right, %.1f ms", EchoTrial.Outcome.BYTES / 1024,
                        outcome.nanos() / 1e6)
                : "echo: " + outcome.failure());
        return new Fact(key, label, value, text, outcome.failure() == null ? Mark.GOOD : Mark.BAD,
                engine.ringFlags().replace("|", ", "));
    }

    private static void shutDown(AsynchronousChannelGroup group) {
        if (group != null) {
            try {
                group.shutdownNow();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
