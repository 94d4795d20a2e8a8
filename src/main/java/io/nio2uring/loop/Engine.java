package io.nio2uring.loop;

/** What carries out operations. A process uses one of them. */
public enum Engine {
    /** A ring of Linux for each loop. */
    IO_URING("io_uring"),
    /** A selector of {@code java.nio} for each loop; needs no native call of ours. */
    PORTABLE("java.nio");

    private final String label;

    Engine(String label) {
        this.label = label;
    }

    /** What carries the operations out, for people. */
    @Override
    public String toString() {
        return label;
    }
}
