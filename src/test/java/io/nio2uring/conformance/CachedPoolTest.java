package io.nio2uring.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousChannelGroup;
import java.nio.channels.AsynchronousServerSocketChannel;
import java.nio.channels.AsynchronousSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.List;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A group over an unbounded pool whose threads are no daemons: whether it keeps the process alive, in one of its own. */
class CachedPoolTest extends Conformance {
    /** Waits for a client, or serves one and waits for the next, when its main method returns. */
    public static final class Program {
        private Program() {}

        public static void main(String[] arguments) throws Exception {
            // As Executors.newCachedThreadPool makes it, but for the minute that idle threads wait.
            ThreadPoolExecutor pool = new ThreadPoolExecutor(0, Integer.MAX_VALUE, 1, TimeUnit.SECONDS,
                    new SynchronousQueue<>());
            AsynchronousChannelGroup group =
                    AsynchronousChannelGroup.withCachedThreadPool(pool, Integer.parseInt(arguments[0]));
            AsynchronousServerSocketChannel server = AsynchronousServerSocketChannel.open(group).bind(loopback(0));
            for (int clients = Integer.parseInt(arguments[1]); clients > 0; clients--) {
                Outcome<AsynchronousSocketChannel> accept = new Outcome<>();
                server.accept(null, accept);
                try (SocketChannel client = SocketChannel.open(server.getLocalAddress())) {
                    Outcome<Integer> read = new Outcome<>();
                    accept.value().read(ByteBuffer.allocate(1), null, read);
                    client.write(ByteBuffer.allocate(1));
                    System.out.println("read " + read.value());
                }
            }
            server.accept(null, new Outcome<AsynchronousSocketChannel>());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"0 0", "1 0", "2 0", "0 2", "1 2", "2 2"})
    void keeps_no_process_alive_that_has_nothing_left_to_do(String initialSizeAndClients) throws Exception {
        ChildJvm.Ended child = ChildJvm.run(Program.class, List.of(initialSizeAndClients.split(" ")));
        assertEquals(0, child.status(), child::output);
        assertEquals(initialSizeAndClients.endsWith("2") ? 2 : 0, child.lines("read").size(), child::output);
    }
}
