package io.nio2uring.frameworks;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Runs the same thing many times at once, each on a thread of its own. */
public final class Parallel {
    /** What is run. */
    @FunctionalInterface
    public interface Task {
        /** Runs; {@code number} says which one it is, from 0. */
        void run(int number) throws Exception;
    }

    private Parallel() {
    }

    /** Runs {@code count} tasks at once and waits for them; the first failure is thrown. */
    public static void run(int count, Task task) throws Exception {
        List<Future<?>> results = new ArrayList<>();
        try (ExecutorService threads = Executors.newCachedThreadPool()) {
            for (int i = 0; i < count; i++) {
                int number = i;
                results.add(threads.submit(() -> {
                    task.run(number);
                    return null;
                }));
            }
            for (Future<?> result : results) {
                result.get();
            }
        }
    }
}
