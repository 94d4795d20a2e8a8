package io.nio2uring.loop;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * What a loop is doing, for a person who asks why nothing happens.
 *
 * <p>Operations can be looked at under ownership of the loop only. So the loop is asked to look itself; if it does not
 * answer, because it is stuck where it should not be and nobody relieves it, ownership is taken in passing; and if it
 * cannot be had, the report says so and shows where the leader is.
 */
final class LoopDump {
    private static final long ANSWER_MILLIS = 500;

    private LoopDump() {
    }

    /** Describes a loop in several lines, each ended. Any thread that may wait for half a second. */
    static String of(EventLoop loop) {
        // As it is now: being asked wakes it.
        String heading = heading(loop);
        Look look = new Look(heading);
        if (!loop.execute(look)) {
            return "loop " + loop.name() + ": ended\n";
        }
        try {
            return look.text.get(ANSWER_MILLIS, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return "loop " + loop.name() + ": interrupted while it was asked\n";
        } catch (TimeoutException e) {
            String text = loop.lookInPassing(found -> describe(found, heading));
            return text != null ? text : unreachable(loop);
        } catch (ExecutionException e) {
            throw new IllegalStateException("cannot describe loop " + loop.name(), e.getCause());
        }
    }

    private static final class Look extends Command {
        final CompletableFuture<String> text = new CompletableFuture<>();
        private final String heading;

        Look(String heading) {
            this.heading = heading;
        }

        @Override
        protected void run(EventLoop loop) {
            try {
                text.complete(describe(loop, heading));
            } catch (RuntimeException e) {
                // The loop goes on; who asked is told.
                text.completeExceptionally(e);
            }
        }
    }

    private static String unreachable(EventLoop loop) {
        StringBuilder text = new StringBuilder(heading(loop)).append("  does not answer, and cannot be looked into\n");
        Thread leader = loop.leaderThread();
        if (leader != null) {
            for (StackTraceElement frame : leader.getStackTrace()) {
                text.append("    at ").append(frame).append('\n');
            }
        }
        return text.toString();
    }

    private static String heading(EventLoop loop) {
        return "loop " + loop.name() + ": " + loop.state() + '\n';
    }

    /** Under ownership. */
    private static String describe(EventLoop loop, String heading) {
        StringBuilder text = new StringBuilder(heading);
        loop.describeQueues(text);
        Map<Object, List<Operation>> byChannel = new IdentityHashMap<>();
        List<Object> order = new ArrayList<>();
        loop.forEachUnfinished(operation -> byChannel.computeIfAbsent(subject(operation), channel -> {
            order.add(channel);
            return new ArrayList<>();
        }).add(operation));
        String begun = loop.scratch() == null ? ", in the kernel" : ", waits for its socket";
        long now = System.nanoTime();
        for (Object channel : order) {
            text.append("  ").append(channel).append('\n');
            for (Operation operation : byChannel.get(channel)) {
                text.append("    ").append(operation.describe()).append(operation.slot < 0 ? ", to be delivered"
                        : operation.inKernel ? begun : ", waits to be submitted");
                if (operation.cancelRequested) {
                    text.append(", to be cancelled");
                }
                if (operation.hasDeadline && operation.slot >= 0) {
                    text.append(", time limit in ").append((operation.deadlineNanos - now) / 1_000_000).append(" ms");
                }
                text.append('\n');
            }
        }
        return text.toString();
    }

    private static Object subject(Operation operation) {
        Object channel = operation.subject();
        return channel == null ? "no channel" : channel;
    }
}
