package io.nio2uring.loop;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** Commands into the queue of a loop and out again, by one thread: what handing in costs when nobody contends. */
@State(Scope.Thread)
public class CommandHandIn {
    private static final int BATCH = 16;

    private final CommandQueue queue = new CommandQueue();
    private final Command[] commands = new Command[BATCH];

    /** Fills the queue's commands, which are used again and again. */
    public CommandHandIn() {
        for (int i = 0; i < BATCH; i++) {
            commands[i] = new StubOperation(i);
        }
    }

    @Benchmark
    public Command oneByOne() {
        return exchange(1);
    }

    @Benchmark
    @OperationsPerInvocation(BATCH)
    public Command batchesOf16() {
        return exchange(BATCH);
    }

    private Command exchange(int count) {
        for (int i = 0; i < count; i++) {
            queue.push(commands[i]);
        }
        Command last = null;
        for (Command command = queue.takeAll(); command != null;) {
            last = command;
            command = command.next;
            last.next = null;
        }
        return last;
    }
}
