package io.nio2uring.jfr;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.Period;
import jdk.jfr.StackTrace;

/** Recorded when a group is opened, and for each open group when a part of a recording begins. */
@Name("io.nio2uring.Engine")
@Label("Engine Chosen")
@Description("What the channels of a group run on")
@Category("nio2-uring")
@StackTrace(false)
@Period("beginChunk")
final class EngineEvent extends Event {
    @Label("Engine")
    private String engine;

    @Label("Kind of Group")
    private String groupKind;

    @Label("Event Loops")
    private String loops;

    @Label("Ring Flags")
    private String ringFlags;

    @Label("Reason")
    private String reason;

    static void record(String engine, String groupKind, String loops, String ringFlags, String reason) {
        EngineEvent event = new EngineEvent();
        if (event.isEnabled()) {
            event.engine = engine;
            event.groupKind = groupKind;
            event.loops = loops;
            event.ringFlags = ringFlags;
            event.reason = reason;
            event.commit();
        }
    }
}
