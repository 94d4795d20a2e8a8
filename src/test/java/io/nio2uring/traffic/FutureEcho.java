package io.nio2uring.traffic;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousSocketChannel;
import java.util.concurrent.ExecutionException;

/** The echo server with Futures: a virtual thread a connection, none of them of the group. */
final class FutureEcho extends EchoServer {
    FutureEcho(TestGroup group, BufferMix mix, int bufferBytes) throws IOException {
        super(group, mix, bufferBytes);
    }

    @Override
    EchoServer start() {
        Thread.startVirtualThread(this::acceptAll);
        return this;
    }

    private void acceptAll() {
        try {
            while (true) {
                AsynchronousSocketChannel channel = listener.accept().get();
                opened(channel);
                Thread.startVirtualThread(() -> serve(channel));
            }
        } catch (ExecutionException e) {
            failed(e.getCause());
        } catch (InterruptedException e) {
            failed(e);
        }
    }

    private void serve(AsynchronousSocketChannel channel) {
        ByteBuffer in = mix.forReading(bufferBytes);
        ByteBuffer out = mix.forEchoing(in);
        try {
            while (channel.read(in.clear()).get() >= 0) {
                in.flip();
                if (out != in) {
                    out.clear().put(in).flip();
                }
                while (out.hasRemaining()) {
                    channel.write(out).get();
                }
            }
            ended(channel, null);
        } catch (ExecutionException e) {
            ended(channel, e.getCause());
        } catch (InterruptedException e) {
            ended(channel, e);
        }
    }
}
