/**
 * What {@code java -jar} of this library tells: whether io_uring can be used here, and if not, why and what to change.
 * For people by {@link io.nio2uring.diagnostics.TextForm}, for machines by {@link io.nio2uring.diagnostics.JsonForm}.
 */
package io.nio2uring.diagnostics;
