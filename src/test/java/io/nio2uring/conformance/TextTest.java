package io.nio2uring.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.channels.AsynchronousServerSocketChannel;
import java.nio.channels.AsynchronousSocketChannel;
import java.nio.channels.Channel;
import java.util.concurrent.Future;

import org.junit.jupiter.api.Test;

/** What {@code toString} tells in each state: logs are made of it. */
class TextTest extends Conformance {
    private static void assertText(String expected, Channel channel) {
        assertEquals(channel.getClass().getName() + '[' + expected + ']', channel.toString());
    }

    @Test
    void a_socket_that_is_not_connected() throws Exception {
        AsynchronousSocketChannel channel = socket(anyGroup());
        assertText("unconnected", channel);
        channel.bind(loopback(0));
        assertText("unconnected local=" + channel.getLocalAddress(), channel);
        channel.close();
        assertText("closed", channel);
    }

    @Test
    void a_connected_socket_and_one_that_was_accepted() throws Exception {
        for (AsynchronousSocketChannel channel : bothEnds(anyGroup())) {
            String addresses = " local=" + channel.getLocalAddress() + " remote=" + channel.getRemoteAddress();
            assertText("connected" + addresses, channel);
            channel.shutdownInput();
            assertText("connected ishut" + addresses, channel);
            channel.shutdownOutput();
            assertText("connected ishut oshut" + addresses, channel);
            channel.close();
            assertText("closed", channel);
        }
    }

    @Test
    void a_socket_whose_address_nobody_has_asked_for() throws Exception {
        AsynchronousSocketChannel channel = pair(anyGroup()).channel();
        String text = channel.toString();
        assertTrue(text.contains("local=" + channel.getLocalAddress()), text);
    }

    @Test
    void a_socket_that_is_connecting() throws Exception {
        Blackhole blackhole = closing(new Blackhole());
        AsynchronousSocketChannel free = socket(anyGroup());
        Future<Void> pending = free.connect(blackhole.address());
        assertText("connection-pending", free);
        assertTrue(pending.cancel(false));
        assertText("connection-pending", free);
        AsynchronousSocketChannel bound = socket(anyGroup()).bind(loopback(0));
        pending = bound.connect(blackhole.address());
        assertText("connection-pending local=" + bound.getLocalAddress(), bound);
        assertFalse(pending.isDone());
    }

    @Test
    void a_server() throws Exception {
        AsynchronousServerSocketChannel server = closing(anyGroup().server());
        assertText("unbound", server);
        server.bind(loopback(0));
        assertText(server.getLocalAddress().toString(), server);
        server.close();
        assertText("closed", server);
    }
}
