package io.nio2uring.registration;

import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousChannelGroup;
import java.nio.channels.AsynchronousServerSocketChannel;
import java.nio.channels.AsynchronousSocketChannel;
import java.nio.channels.CompletionHandler;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** A program whose group has one thread, which is stuck in a handler while another outcome waits for it. */
final class StuckProgram {
    private StuckProgram() {
    }

    public static void main(String[] args) throws Exception {
        AsynchronousChannelGroup group = AsynchronousChannelGroup.withFixedThreadPool(1,
                Executors.defaultThreadFactory());
        AsynchronousServerSocketChannel listener = AsynchronousServerSocketChannel.open(group)
                .bind(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0));
        Future<AsynchronousSocketChannel> accept = listener.accept();
        AsynchronousSocketChannel client = AsynchronousSocketChannel.open(group);
        client.connect(listener.getLocalAddress()).get();
        client.write(ByteBuffer.wrap(new byte[2])).get();
        read(accept.get());
    }

    private static void read(AsynchronousSocketChannel channel) {
        channel.read(ByteBuffer.allocate(1), null, new CompletionHandler<Integer, Void>() {
            @Override
            public void completed(Integer count, Void attachment) {
                read(channel);
                System.out.println("stuck");
                waitForEver();
            }

            @Override
            public void failed(Throwable failure, Void attachment) {
                throw new UncheckedIOException(new java.io.IOException(failure));
            }
        });
    }

    private static void waitForEver() {
        try {
            new CountDownLatch(1).await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
