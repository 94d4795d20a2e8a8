package io.nio2uring.channel;

import java.nio.ByteBuffer;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** A message of 64 bytes one way: a write and a read, each waited for by its future, on a thread that is not the group's. */
@State(Scope.Benchmark)
public class Futures {
    private static final int MESSAGE_BYTES = 64;

    @Param
    private Provider provider;

    private Connection connection;
    private final ByteBuffer out = ByteBuffer.allocateDirect(MESSAGE_BYTES);
    private final ByteBuffer in = ByteBuffer.allocateDirect(MESSAGE_BYTES);

    @Setup
    public void open() throws Exception {
        connection = new Connection(provider.choose());
    }

    @TearDown
    public void close() throws Exception {
        connection.close();
    }

    @Benchmark
    public void writeThenRead() throws Exception {
        out.clear();
        while (out.hasRemaining()) {
            connection.client.write(out).get();
        }
        in.clear();
        while (in.hasRemaining()) {
            if (connection.server.read(in).get() < 0) {
                throw new AssertionError("end of stream");
            }
        }
    }
}
