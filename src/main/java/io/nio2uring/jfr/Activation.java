package io.nio2uring.jfr;

import jdk.jfr.FlightRecorder;
import jdk.jfr.FlightRecorderListener;

/** Waits for the recorder to be started, which costs nothing meanwhile. */
final class Activation implements FlightRecorderListener {
    private Activation() {
    }

    static void await() {
        if (FlightRecorder.isAvailable()) {
            // Called back at once when the recorder has been started before.
            FlightRecorder.addListener(new Activation());
        }
    }

    @Override
    public void recorderInitialized(FlightRecorder recorder) {
        FlightRecorder.addPeriodicEvent(RingStatisticsEvent.class, Recorder::recordRingStatistics);
        FlightRecorder.addPeriodicEvent(EngineEvent.class, Recorder::recordEngines);
        Recorder.turnOn();
    }
}
