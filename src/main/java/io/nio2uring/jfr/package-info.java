/**
 * What the flight recorder is told. The module jdk.jfr is optional, and loading any event class costs a third of a second,
 * so everybody calls {@link io.nio2uring.jfr.Recorder}, which touches no event class before the recorder has been started.
 */
package io.nio2uring.jfr;
