package io.nio2uring.channel;

import java.net.SocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.AsynchronousSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.concurrent.Future;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** A connection accepted and closed again. It comes from a blocking channel, which is the same for all providers. */
@State(Scope.Benchmark)
public class Accept {
    @Param
    private Provider provider;

    private Connection connection;
    private SocketAddress address;

    @Setup
    public void open() throws Exception {
        connection = new Connection(provider.choose());
        address = connection.listener.getLocalAddress();
    }

    @TearDown
    public void close() throws Exception {
        connection.close();
    }

    @Benchmark
    public void acceptAndClose() throws Exception {
        Future<AsynchronousSocketChannel> accepted = connection.listener.accept();
        AsynchronousSocketChannel server;
        try (SocketChannel client = SocketChannel.open(address)) {
            server = accepted.get();
            // By a reset: ports of connections that end in the ordinary way would be used up within seconds.
            client.setOption(StandardSocketOptions.SO_LINGER, 0);
        }
        server.close();
    }
}
