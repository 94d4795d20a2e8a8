package io.nio2uring.fuzz;

import io.nio2uring.ProcessDump;

/** Something did not happen in time; carries a dump of the process at that moment. */
final class HangException extends RuntimeException {
    private static final long serialVersionUID = 1;

    HangException(String what) {
        super(what + "\n" + ProcessDump.now());
    }
}
