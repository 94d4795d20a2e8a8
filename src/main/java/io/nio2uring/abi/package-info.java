/**
 * The kernel's constants and struct layouts, nothing else: one class for each object of {@code linux/io_uring.h},
 * under the kernel's names without their prefixes.
 *
 * <p>All numbers hold for Linux on x86-64 and on aarch64, both little-endian and 64-bit. Kernel versions are those
 * of the man pages {@code io_uring_setup(2)}, {@code io_uring_enter(2)} and {@code io_uring_register(2)}.
 */
package io.nio2uring.abi;
