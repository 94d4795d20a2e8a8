/**
 * Linux's io_uring as it is: queues, operations, registered resources. Usable alone, without the channels.
 *
 * <p>{@link io.nio2uring.ring.IoUring} is the entry. The classes link native functions: run with
 * {@code --enable-native-access=io.nio2uring} (or {@code ALL-UNNAMED} on the class path) to spare the JDK's warning.
 * Linux on x86-64 or aarch64, 5.11 or later; each method names the kernel that it needs.
 *
 * <p>A worked example, an echo server that accepts, receives into provided buffers and writes back:
 *
 * {@snippet file="RingEcho.java"}
 */
package io.nio2uring.ring;
