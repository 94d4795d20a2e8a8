/**
 * Published software that uses NIO.2, unmodified, on the built jar and on the JDK's provider. Every byte that it moves
 * is checked, and so is who moved it.
 */
package io.nio2uring.frameworks;
