package io.nio2uring.channel;

/** Which way bytes go; reading and writing differ in little else. */
enum Direction {
    READ("read", "Reading"), WRITE("write", "Writing");

    private final String verb;
    private final String gerund;

    Direction(String verb, String gerund) {
        this.verb = verb;
        this.gerund = gerund;
    }

    String verb() {
        return verb;
    }

    String gerund() {
        return gerund;
    }
}
