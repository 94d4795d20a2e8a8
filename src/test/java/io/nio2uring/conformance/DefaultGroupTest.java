package io.nio2uring.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousServerSocketChannel;
import java.nio.channels.AsynchronousSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The system-wide group, which is configured once: each test in a JVM of its own. */
class DefaultGroupTest extends Conformance {
    private static final String SIZE = "-Djava.nio.channels.DefaultThreadPool.initialSize=";
    private static final String FACTORY = "-Djava.nio.channels.DefaultThreadPool.threadFactory=";

    /** Accepts one connection, reads one byte, prints who ran the handlers, and ends with an accept pending. */
    public static final class Server {
        private Server() {}

        public static void main(String[] arguments) throws Exception {
            Thread.currentThread().setContextClassLoader(new URLClassLoader(new URL[0]));
            AsynchronousServerSocketChannel server;
            try {
                server = AsynchronousServerSocketChannel.open().bind(loopback(0));
            } catch (Error e) {
                System.out.println("error " + e);
                System.out.println("again " + again());
                return;
            }
            Outcome<AsynchronousSocketChannel> accept = new Outcome<>();
            server.accept(null, accept);
            try (SocketChannel client = SocketChannel.open(server.getLocalAddress())) {
                AsynchronousSocketChannel accepted = accept.value();
                for (int i = 0; i < 3; i++) {
                    Outcome<Integer> read = new Outcome<>();
                    Outcome<ClassLoader> loader = new Outcome<>();
                    accepted.read(ByteBuffer.allocate(1), null, new Then<>(result -> {
                        loader.completed(Thread.currentThread().getContextClassLoader(), null);
                        read.completed(result, null);
                    }));
                    client.write(ByteBuffer.allocate(1));
                    read.value();
                    System.out.println("read daemon=" + read.thread().isDaemon() + " system-loader="
                            + (loader.value() == ClassLoader.getSystemClassLoader()) + " thread-group-of-opener="
                            + (read.thread().getThreadGroup() == Thread.currentThread().getThreadGroup()));
                    System.out.println("thread " + read.thread().getName());
                }
            }
            server.accept(null, new Outcome<AsynchronousSocketChannel>());
            System.out.println("threads-made " + Factory.MADE.get());
        }

        private static String again() throws IOException {
            try {
                AsynchronousSocketChannel.open().close();
                return "none";
            } catch (Error e) {
                return "error";
            }
        }
    }

    /** A factory for the property. */
    public static final class Factory implements ThreadFactory {
        static final AtomicInteger MADE = new AtomicInteger();

        /** Called by the provider, by reflection. */
        public Factory() {}

        @Override
        public Thread newThread(Runnable task) {
            Thread thread = new Thread(task, "made by the factory " + MADE.incrementAndGet());
            thread.setContextClassLoader(ClassLoader.getSystemClassLoader());
            thread.setDaemon(true);
            return thread;
        }
    }

    /** Not a thread factory. */
    public static final class NoFactory {
        /** Called by the provider, by reflection. */
        public NoFactory() {}
    }

    @Test
    void handlers_run_on_daemon_threads_without_class_loader_and_group_of_whoever_opened_a_channel() throws Exception {
        ChildJvm.Ended child = ChildJvm.run(Server.class);
        assertEquals(0, child.status(), child::output);
        assertEquals(3, child.lines("read").size(), child::output);
        for (String line : child.lines("read")) {
            assertEquals("daemon=true system-loader=true thread-group-of-opener=false", line);
        }
        assertEquals("0", child.line("threads-made"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "1", "7", "-1", "-2147483648"})
    void any_integer_is_a_good_initial_size(String size) throws Exception {
        ChildJvm.Ended child = ChildJvm.run(Server.class, SIZE + size);
        assertEquals(0, child.status(), child::output);
        assertEquals(3, child.lines("read").size(), child::output);
    }

    @ParameterizedTest
    @ValueSource(strings = {"many", "", "1.5", "2147483648", " 1"})
    void an_initial_size_that_is_no_integer_is_an_error_at_every_opening(String size) throws Exception {
        ChildJvm.Ended child = ChildJvm.run(Server.class, SIZE + size);
        assertNotEquals("", child.line("error"));
        assertEquals("error", child.line("again"));
    }

    @Test
    void threads_come_from_the_factory_that_the_property_names() throws Exception {
        ChildJvm.Ended child = ChildJvm.run(Server.class, FACTORY + Factory.class.getName());
        assertEquals(0, child.status(), child::output);
        for (String name : child.lines("thread")) {
            assertTrue(name.startsWith("made by the factory"), child::output);
        }
        assertNotEquals("0", child.line("threads-made"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"no.such.Class", "io.nio2uring.conformance.DefaultGroupTest$NoFactory", "java.lang.Runnable",
                ""})
    void a_factory_that_cannot_be_made_is_an_error_at_every_opening(String name) throws Exception {
        ChildJvm.Ended child = ChildJvm.run(Server.class, FACTORY + name);
        assertNotEquals("", child.line("error"));
        assertEquals("error", child.line("again"));
    }
}
