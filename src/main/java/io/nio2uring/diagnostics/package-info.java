/**
 * Whether io_uring can be used here, and if not, why and what to change: {@link io.nio2uring.diagnostics.Availability} for
 * the choice of the engine, the rest for what {@code java -jar} of this library tells, to people by
 * {@link io.nio2uring.diagnostics.TextForm}, to machines by {@link io.nio2uring.diagnostics.JsonForm}.
 */
package io.nio2uring.diagnostics;
