package io.nio2uring;

import static java.util.concurrent.TimeUnit.MICROSECONDS;
import static java.util.concurrent.TimeUnit.NANOSECONDS;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

import io.nio2uring.EngineChoice.Mode;
import io.nio2uring.loop.Engine;
import io.nio2uring.loop.LoopOptions;
import io.nio2uring.loop.Polling;
import io.nio2uring.ring.RingParameters;

/**
 * The system properties of this library, read once when the first group is opened.
 *
 * @param mode  what they are to run on
 * @param loops how event loops are set up, but for the engine
 */
record Configuration(Mode mode, LoopOptions loops) {
    private static final String PREFIX = "nio2uring.";
    /** Provided buffers are numbered with 16 bits, and the kernel takes half of that range at most. */
    private static final int MAX_BUFFERS = 32_768;
    private static final int MAX_BUFFER_BYTES = 16 * 1024 * 1024;
    /** A second: who polls for longer wants another design. */
    private static final int MAX_POLL_MICROS = 1_000_000;
    private static final int MAX_SQPOLL_IDLE_MILLIS = 60_000;
    /** The kernel's own limit of processors on x86-64. */
    private static final int MAX_CPU = 8191;

    /**
     * Reads the properties.
     *
     * @throws IllegalArgumentException if one has a value that cannot be used, named in the message with what is legal
     */
    static Configuration fromSystemProperties() {
        LoopOptions usual = LoopOptions.DEFAULT;
        int entries = number("ring.entries", 1, RingParameters.MAX_ENTRIES, usual.submissionEntries());
        return new Configuration(readMode(), new LoopOptions(entries, completionEntries(entries),
                powerOfTwo("receiveBuffers.count", MAX_BUFFERS, usual.receiveBuffers()),
                number("receiveBuffers.bytes", 64, MAX_BUFFER_BYTES, usual.receiveBufferBytes()),
                number("stagingBuffers.count", 1, MAX_BUFFERS, usual.stagingBuffers()),
                number("stagingBuffers.bytes", 64, MAX_BUFFER_BYTES, usual.stagingBufferBytes()), polling(),
                Engine.IO_URING));
    }

    /** All properties of this library by name, with their values in effect, for people. */
    Map<String, Object> values() {
        Polling polling = loops.polling();
        Map<String, Object> values = new LinkedHashMap<>();
        values.put(PREFIX + "mode", mode.toString());
        values.put(PREFIX + "ring.entries", loops.submissionEntries());
        values.put(PREFIX + "ring.completionEntries", loops.completionEntries());
        values.put(PREFIX + "receiveBuffers.count", loops.receiveBuffers());
        values.put(PREFIX + "receiveBuffers.bytes", loops.receiveBufferBytes());
        values.put(PREFIX + "stagingBuffers.count", loops.stagingBuffers());
        values.put(PREFIX + "stagingBuffers.bytes", loops.stagingBufferBytes());
        values.put(PREFIX + "spin", NANOSECONDS.toMicros(polling.spinNanos()));
        values.put(PREFIX + "sqpoll", polling.sqpollIdleMillis());
        values.put(PREFIX + "sqpoll.cpu", polling.sqpollCpu());
        values.put(PREFIX + "napi", polling.napiMicros());
        return values;
    }

    private static Mode readMode() {
        String text = System.getProperty(PREFIX + "mode");
        for (Mode mode : Mode.values()) {
            if (mode.toString().equals(text == null ? "auto" : text.trim().toLowerCase(Locale.ROOT))) {
                return mode;
            }
        }
        throw illegal("mode", text, "one of " + Arrays.toString(Mode.values()), Mode.AUTO);
    }

    /** Not fewer than entries of the submission queue; who asks for many of these gets more by default. */
    private static int completionEntries(int entries) {
        String name = "ring.completionEntries";
        int usual = LoopOptions.DEFAULT.completionEntries();
        int chosen = number(name, 0, RingParameters.MAX_COMPLETION_ENTRIES, entries > usual ? 0 : usual);
        if (chosen != 0 && chosen < entries) {
            throw illegal(name, String.valueOf(chosen), "0, for twice as many as " + PREFIX + "ring.entries, which is "
                    + entries + ", or not less than that", usual);
        }
        return chosen;
    }

    private static Polling polling() {
        int sqpollIdleMillis = number("sqpoll", 0, MAX_SQPOLL_IDLE_MILLIS, 0);
        int sqpollCpu = number("sqpoll.cpu", -1, MAX_CPU, -1);
        if (sqpollIdleMillis == 0 && sqpollCpu >= 0) {
            throw new IllegalArgumentException("system property " + PREFIX + "sqpoll.cpu is '" + sqpollCpu
                    + "' but there is no polling thread without " + PREFIX + "sqpoll; set that too, or leave both out");
        }
        return new Polling(MICROSECONDS.toNanos(number("spin", 0, MAX_POLL_MICROS, 0)), sqpollIdleMillis > 0,
                sqpollIdleMillis, sqpollCpu, number("napi", 0, MAX_POLL_MICROS, 0));
    }

    private static int number(String name, int min, int max, int usual) {
        String text = System.getProperty(PREFIX + name);
        if (text == null) {
            return usual;
        }
        try {
            int value = Integer.parseInt(text.trim());
            if (value >= min && value <= max) {
                return value;
            }
        } catch (NumberFormatException e) {
            // Told below, like a number that is out of range.
        }
        throw illegal(name, text, "a whole number from " + min + " to " + max, usual);
    }

    private static int powerOfTwo(String name, int max, int usual) {
        int value = number(name, 1, max, usual);
        if (Integer.bitCount(value) != 1) {
            throw illegal(name, String.valueOf(value), "a power of two up to " + max, usual);
        }
        return value;
    }

    private static IllegalArgumentException illegal(String name, String value, String legal, Object usual) {
        return new IllegalArgumentException("system property " + PREFIX + name + " is '" + value + "' but must be "
                + legal + "; leave it out for the usual " + usual);
    }
}
