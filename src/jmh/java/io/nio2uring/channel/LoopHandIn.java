package io.nio2uring.channel;

import java.io.IOException;

import io.nio2uring.loop.Command;
import io.nio2uring.loop.EventLoop;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** A command handed to a loop that sleeps in the kernel, until it has run: the way of what threads of users begin. */
@State(Scope.Benchmark)
public class LoopHandIn {
    private final Arrival command = new Arrival();
    private OpenGroup group;
    private EventLoop loop;

    @Setup
    public void open() throws IOException {
        group = OpenGroup.fixed(1);
        loop = group.group.loops().getFirst();
    }

    @TearDown
    public void close() throws IOException {
        group.close();
    }

    @Benchmark
    public void toASleepingLoop() {
        command.hasRun = false;
        if (!loop.execute(command)) {
            throw new AssertionError("the loop has ended");
        }
        while (!command.hasRun) {
            Thread.onSpinWait();
        }
    }

    private static final class Arrival extends Command {
        private volatile boolean hasRun;

        @Override
        protected void run(EventLoop same) {
            hasRun = true;
        }
    }
}
