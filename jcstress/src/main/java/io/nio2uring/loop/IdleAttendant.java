package io.nio2uring.loop;

/** An attendant that is only a name. */
final class IdleAttendant extends Attendant {
    @Override
    boolean runsHandlers() {
        return true;
    }
}
