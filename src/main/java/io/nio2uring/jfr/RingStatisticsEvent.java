package io.nio2uring.jfr;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.Period;
import jdk.jfr.StackTrace;

/** Recorded once a second for each loop. */
@Name("io.nio2uring.RingStatistics")
@Label("Ring Statistics")
@Description("What an event loop has done since it was set up")
@Category("nio2-uring")
@StackTrace(false)
@Period("1 s")
final class RingStatisticsEvent extends Event {
    @Label("Event Loop")
    private String loop;

    @Label("Entries Submitted")
    private long submitted;

    @Label("Completions")
    private long completed;

    @Label("System Calls")
    private long enters;

    @Label("Hand-Overs")
    private long handOvers;

    @Label("Handlers Called")
    private long handlers;

    @Label("Operations in Flight")
    private int inFlight;

    @Label("Buffers in Use")
    private int buffers;

    static void record(String loop, long submitted, long completed, long enters, long handOvers, long handlers,
            int inFlight, int buffers) {
        RingStatisticsEvent event = new RingStatisticsEvent();
        if (event.isEnabled()) {
            event.loop = loop;
            event.submitted = submitted;
            event.completed = completed;
            event.enters = enters;
            event.handOvers = handOvers;
            event.handlers = handlers;
            event.inFlight = inFlight;
            event.buffers = buffers;
            event.commit();
        }
    }
}
