package io.nio2uring.jfr;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.AsynchronousChannelGroup;
import java.nio.channels.AsynchronousServerSocketChannel;
import java.nio.channels.AsynchronousSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import io.nio2uring.UringAsynchronousChannelProvider;
import io.nio2uring.traffic.Waiting;
import jdk.jfr.Configuration;
import jdk.jfr.Name;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The settings under docs, and the table of events there, against what there really is. */
class SettingsFileTest {
    private static final Path SETTINGS = Path.of("docs", "nio2uring.jfc");
    private static final Path TABLE = Path.of("docs", "observing.md");
    private static final String PREFIX = "io.nio2uring.";

    @TempDir
    private Path directory;

    @Test
    void theFileSetsEachEventAndNoOther() throws Exception {
        Set<String> set = Configuration.create(SETTINGS).getSettings().keySet().stream()
                .map(key -> key.substring(0, key.indexOf('#'))).collect(Collectors.toCollection(TreeSet::new));
        assertEquals("1 s", Configuration.create(SETTINGS).getSettings().get(PREFIX + "RingStatistics#period"));
        assertEquals(events().map(event -> event.getAnnotation(Name.class).value())
                .collect(Collectors.toCollection(TreeSet::new)), set);
    }

    @Test
    void theTableNamesEachEventWithAllOfItsFields() throws Exception {
        List<String> lines = Files.readAllLines(TABLE);
        for (Class<?> event : events().toList()) {
            String name = event.getAnnotation(Name.class).value().substring(PREFIX.length());
            List<String> rows = lines.stream().filter(line -> line.startsWith("| `" + name + "` |")).toList();
            assertEquals(1, rows.size(), () -> "rows of " + name + " in " + TABLE);
            Set<String> fields = Stream.of(event.getDeclaredFields()).filter(field -> !field.isSynthetic())
                    .map(field -> "`" + field.getName() + "`").collect(Collectors.toSet());
            Set<String> told = Pattern.compile("`[a-zA-Z]+`").matcher(rows.getFirst()).results()
                    .map(result -> result.group()).collect(Collectors.toSet());
            fields.add("`" + name + "`");
            assertEquals(fields, told, name);
        }
    }

    @Test
    void aRecordingWithTheFileHasWhatItTurnsOnAndNothingElse() throws Exception {
        Path file = directory.resolve("recording.jfr");
        try (Recording recording = new Recording(Configuration.create(SETTINGS))) {
            recording.start();
            // One longer than the threshold of 200 ms however late the loop begins with it, one shorter that is longer
            // than the usual one of 20 ms.
            expire(1_200);
            expire(60);
            recording.stop();
            recording.dump(file);
        }
        List<RecordedEvent> events = RecordingFile.readAllEvents(file);
        Set<String> names = events.stream().map(event -> event.getEventType().getName()).collect(Collectors.toSet());
        assertTrue(names.containsAll(Set.of(PREFIX + "Engine", PREFIX + "Operation", PREFIX + "HandOver")),
                names::toString);
        assertTrue(!names.contains(PREFIX + "ConnectionOpened") && !names.contains(PREFIX + "ConnectionClosed"),
                names::toString);
        List<Duration> durations = events.stream()
                .filter(event -> event.getEventType().getName().equals(PREFIX + "Operation"))
                .map(RecordedEvent::getDuration).toList();
        assertTrue(durations.stream().allMatch(duration -> duration.toMillis() >= 200), durations::toString);
    }

    /** A connection with a read that nothing comes for. */
    private static void expire(long millis) throws Exception {
        UringAsynchronousChannelProvider provider = new UringAsynchronousChannelProvider();
        AsynchronousChannelGroup group = provider.openAsynchronousChannelGroup(1,
                Thread.ofPlatform().daemon().factory());
        try (AsynchronousServerSocketChannel server = provider.openAsynchronousServerSocketChannel(group);
                AsynchronousSocketChannel client = provider.openAsynchronousSocketChannel(group)) {
            server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            Waiting.forResult(client.connect(server.getLocalAddress()));
            Waiting.forTimeLimit(client, millis);
        } finally {
            group.shutdownNow();
            assertTrue(group.awaitTermination(10, TimeUnit.SECONDS));
        }
    }

    private static Stream<Class<?>> events() throws IOException {
        Path classes = Path.of(Recorder.class.getProtectionDomain().getCodeSource().getLocation().getPath());
        List<String> names;
        try (Stream<Path> files = Files.list(classes.resolve("io/nio2uring/jfr"))) {
            names = files.map(path -> path.getFileName().toString()).filter(name -> name.endsWith("Event.class"))
                    .map(name -> "io.nio2uring.jfr." + name.substring(0, name.length() - ".class".length())).toList();
        }
        assertTrue(!names.isEmpty());
        return names.stream().map(name -> {
            try {
                return Class.forName(name);
            } catch (ClassNotFoundException e) {
                throw new AssertionError(e);
            }
        });
    }
}
