package demo;

import java.io.IOException;

/** The server sent back something other than what it was sent. */
final class CorruptEchoException extends IOException {
    private static final long serialVersionUID = 1;

    CorruptEchoException(String message) {
        super(message);
    }
}
