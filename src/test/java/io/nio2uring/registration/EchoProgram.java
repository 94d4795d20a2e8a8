package io.nio2uring.registration;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousServerSocketChannel;
import java.nio.channels.AsynchronousSocketChannel;
import java.nio.channels.CompletionHandler;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;

/**
 * An unmodified program, for a JVM of its own: echoes a line through the default group, and prints which provider
 * served it. Its main returns while the default group's threads wait for the next connection.
 */
final class EchoProgram {
    private EchoProgram() {
    }

    public static void main(String[] args) throws Exception {
        AsynchronousServerSocketChannel listener = AsynchronousServerSocketChannel.open()
                .bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        listener.accept(listener, new Echo());
        Class<?> provider = listener.provider().getClass();
        System.out.println("provider " + provider.getName());
        System.out.println("module " + provider.getModule().getName());

        AsynchronousSocketChannel client = AsynchronousSocketChannel.open();
        client.connect(listener.getLocalAddress()).get();
        byte[] line = "every byte comes back".getBytes(StandardCharsets.UTF_8);
        client.write(ByteBuffer.wrap(line)).get();
        client.shutdownOutput();
        System.out.println("echo " + new String(readAll(client, line.length + 1), StandardCharsets.UTF_8));
        client.close();
    }

    private static byte[] readAll(AsynchronousSocketChannel channel, int limitBytes)
            throws InterruptedException, ExecutionException {
        ByteBuffer buffer = ByteBuffer.allocate(limitBytes);
        Future<Integer> read = channel.read(buffer);
        while (read.get() >= 0) {
            read = channel.read(buffer);
        }
        byte[] bytes = new byte[buffer.flip().remaining()];
        buffer.get(bytes);
        return bytes;
    }

    /** Accepts all connections, and sends back what the first write of each brings. */
    private static final class Echo
            implements
            CompletionHandler<AsynchronousSocketChannel, AsynchronousServerSocketChannel> {
        @Override
        public void completed(AsynchronousSocketChannel channel, AsynchronousServerSocketChannel listener) {
            listener.accept(listener, this);
            ByteBuffer buffer = ByteBuffer.allocate(1024);
            try {
                while (channel.read(buffer).get() >= 0) {
                    channel.write(buffer.flip()).get();
                    buffer.clear();
                }
                channel.close();
            } catch (Exception e) {
                throw new AssertionError(e);
            }
        }

        @Override
        public void failed(Throwable failure, AsynchronousServerSocketChannel listener) {
            throw new AssertionError(failure);
        }
    }
}
