package bench;

/** What is measured of a contestant in a round. */
enum Metric {
    RATE("messages per second", true),
    CPU("µs of processor time per message", false),
    USER("µs of user time per message", false),
    SYSTEM("µs of system time per message", false),
    /** 1 where the contestant's only processor was the limit. */
    BUSY("share of a processor", true),
    P50("µs, median", false),
    P99("µs, 99th percentile", false),
    P999("µs, 99.9th percentile", false),
    ENTERS("io_uring_enter calls per message", false),
    ALLOCATED("bytes allocated per message", false),
    HEAP("bytes of heap per connection", false),
    NATIVE("bytes outside the heap per connection", false),
    MEMORY("bytes per connection", false),
    WAKE_UPS("wake-ups per second", false),
    JVM_WAKE_UPS("wake-ups per second of the virtual machine's own threads", false),
    USUAL_MEDIAN("ms, median, undisturbed", false),
    USUAL_LONGEST("ms, longest, undisturbed", false),
    BLOCKED_MEDIAN("ms, median, with blocked handlers", false),
    BLOCKED_LONGEST("ms, longest, with blocked handlers", false),
    ADDED_MEDIAN("ms more than undisturbed, median", false),
    ADDED_LONGEST("ms more than undisturbed, longest", false),
    REACH("ms until the last handler was reached", false),
    SPREADING("times the rate of one thread", true),
    ONE_TALKS("messages per second, 1 talks", true),
    TWO_TALK("messages per second, 2 talk", true),
    FOUR_TALK("messages per second, 4 talk", true),
    EIGHT_TALK("messages per second, 8 talk", true),
    SIXTEEN_TALK("messages per second, 16 talk", true);

    private final String unit;
    private final boolean moreIsBetter;

    Metric(String unit, boolean moreIsBetter) {
        this.unit = unit;
        this.moreIsBetter = moreIsBetter;
    }

    String unit() {
        return unit;
    }

    boolean moreIsBetter() {
        return moreIsBetter;
    }
}
