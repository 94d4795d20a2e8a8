package io.nio2uring.registration;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.AsynchronousChannelGroup;
import java.nio.channels.AsynchronousServerSocketChannel;
import java.nio.channels.AsynchronousSocketChannel;
import java.nio.channels.CompletionHandler;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** A program that ends, in the way its first argument names, with an accept pending at the port of its second. */
final class ListeningProgram {
    /** How the program ends. */
    enum End {
        /** main returns; only the default group's daemon threads are left. */
        MAIN_RETURNS {
            @Override
            void begin() {
                // Nothing else keeps the JVM.
            }
        },
        /** System.exit with status 0. */
        EXIT {
            @Override
            void begin() {
                System.exit(0);
            }
        },
        /** Waits for a signal. */
        SIGNAL {
            @Override
            void begin() throws InterruptedException {
                new CountDownLatch(1).await();
            }
        },
        /** System.exit, with a shutdown hook that closes the channel and waits until two accepts have heard of it. */
        HOOK {
            @Override
            void begin() {
                System.exit(0);
            }
        },
        /** main returns; the threads of a group of its own are no daemons, and end with the first connection. */
        GROUP_SHUT_DOWN {
            @Override
            AsynchronousChannelGroup group() throws Exception {
                return AsynchronousChannelGroup.withFixedThreadPool(2, Executors.defaultThreadFactory());
            }

            @Override
            void begin() {
                // The group keeps the JVM.
            }
        };

        AsynchronousChannelGroup group() throws Exception {
            return null;
        }

        abstract void begin() throws InterruptedException;
    }

    private static final CountDownLatch FAILED = new CountDownLatch(1);

    private ListeningProgram() {
    }

    public static void main(String[] args) throws Exception {
        End end = End.valueOf(args[0]);
        AsynchronousChannelGroup group = end.group();
        AsynchronousServerSocketChannel listener = AsynchronousServerSocketChannel.open(group)
                .bind(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), Integer.parseInt(args[1])));
        listener.accept(group, new ShutDown(listener));
        if (end == End.HOOK) {
            closeInHook(listener);
        }
        System.out.println("listening");
        end.begin();
    }

    private static void closeInHook(AsynchronousServerSocketChannel withHandler) throws Exception {
        AsynchronousServerSocketChannel withFuture = AsynchronousServerSocketChannel.open()
                .bind(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0));
        Future<AsynchronousSocketChannel> accept = withFuture.accept();
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            try {
                while (withHandler.isOpen() || withFuture.isOpen()) {
                    // The other hook, which frees the addresses, is the first here.
                    Thread.onSpinWait();
                }
                withHandler.close();
                withFuture.close();
                FAILED.await();
                accept.get();
            } catch (ExecutionException e) {
                System.out.println("future failed: " + e.getCause());
            } catch (Exception e) {
                throw new AssertionError(e);
            }
        }));
    }

    /** Keeps each connection open and, if the group is the program's own, shuts that down. */
    private record ShutDown(AsynchronousServerSocketChannel listener)
            implements
            CompletionHandler<AsynchronousSocketChannel, AsynchronousChannelGroup> {
        @Override
        public void completed(AsynchronousSocketChannel channel, AsynchronousChannelGroup group) {
            System.out.println("accepted");
            listener.accept(group, this);
            if (group != null) {
                try {
                    group.shutdownNow();
                } catch (Exception e) {
                    throw new AssertionError(e);
                }
            }
        }

        @Override
        public void failed(Throwable failure, AsynchronousChannelGroup group) {
            System.out.println("accept failed: " + failure);
            FAILED.countDown();
        }
    }
}
