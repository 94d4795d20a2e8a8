package io.nio2uring.jfr;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;

/** A recording of this library's events, for tests to read. */
public final class Recorded implements AutoCloseable {
    private static final String PREFIX = "io.nio2uring.";

    private final Recording recording = new Recording();

    /** Begins to record events of the given kinds. */
    public Recorded(String... names) {
        for (String name : names) {
            recording.enable(PREFIX + name).with("throttle", "off");
        }
        recording.start();
    }

    /** Ends the recording and reads the events of one kind, oldest first. */
    public List<RecordedEvent> read(String name) throws IOException {
        if (recording.getState() == jdk.jfr.RecordingState.RUNNING) {
            recording.stop();
        }
        Path file = Files.createTempFile("nio2uring", ".jfr");
        try {
            recording.dump(file);
            return RecordingFile.readAllEvents(file).stream()
                    .filter(event -> event.getEventType().getName().equals(PREFIX + name)).toList();
        } finally {
            Files.delete(file);
        }
    }

    /** Sets the time that an operation must take to be recorded. */
    public Recorded threshold(java.time.Duration threshold) {
        recording.enable(PREFIX + "Operation").withThreshold(threshold);
        return this;
    }

    @Override
    public void close() {
        recording.close();
    }
}
