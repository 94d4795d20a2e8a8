package io.nio2uring.loop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

import com.sun.management.HotSpotDiagnosticMXBean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class WaitersTest {
    private static final String NAME = "waiters-test";

    /** A thread that parks until it is allowed to go on, as often as it is asked to. */
    private static final class Parked {
        private static final int END = -1;

        private final Semaphore rounds;
        private final Thread thread;
        /** How often it was allowed to go on, or {@link #END}. */
        private volatile int allowed;

        Parked(boolean virtual, Semaphore rounds) {
            this.rounds = rounds;
            thread = virtual ? Thread.ofVirtual().start(this::run) : Thread.ofPlatform().daemon().start(this::run);
        }

        private void run() {
            for (int round = 0; allowed != END; round++) {
                while (allowed == round) {
                    LockSupport.park(this);
                }
                rounds.release();
            }
        }

        /** As a loop does: what it waits for first, then the thread. */
        void settle(Waiters waiters) {
            allowed++;
            waiters.resume(thread);
        }

        void end() throws InterruptedException {
            allowed = END;
            LockSupport.unpark(thread);
            thread.join();
        }
    }

    private final Waiters waiters = new Waiters(NAME);
    private final Semaphore rounds = new Semaphore(0);
    private final List<Parked> all = new ArrayList<>();

    @AfterEach
    void end() throws InterruptedException {
        waiters.close();
        for (Parked each : all) {
            each.end();
        }
    }

    private Parked park(boolean virtual) {
        Parked parked = new Parked(virtual, rounds);
        all.add(parked);
        return parked;
    }

    private void awaitRounds(int count) throws InterruptedException {
        assertTrue(rounds.tryAcquire(count, 20, TimeUnit.SECONDS), () -> rounds.availablePermits() + " of " + count);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void whoDoesNotGatherLetsAThreadGoOnAtOnce(boolean virtual) throws InterruptedException {
        Parked parked = park(virtual);
        parked.settle(waiters);
        awaitRounds(1);
        waiters.gather();
        Parked other = park(virtual);
        Thread elsewhere = Thread.ofPlatform().start(() -> other.settle(waiters));
        awaitRounds(1);
        elsewhere.join();
        waiters.release();
    }

    /** More than fit a batch, in batches of all sizes, at a speed that the waker cannot always follow. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void allGoOnThatWereGathered(long seed) throws InterruptedException {
        Random random = new Random(seed);
        for (int i = 0; i < 600; i++) {
            park(i % 16 != 0);
        }
        for (int turn = 0; turn < 2_000; turn++) {
            int count = random.nextInt(8) == 0 ? random.nextInt(all.size()) : random.nextInt(12);
            int first = random.nextInt(all.size() - count);
            int parts = 1 + random.nextInt(3);
            for (int part = 0; part < parts; part++) {
                waiters.gather();
                for (int i = part; i < count; i += parts) {
                    all.get(first + i).settle(waiters);
                }
                waiters.release();
            }
            awaitRounds(count);
        }
        assertEquals(0, rounds.availablePermits());
    }

    @Test
    void theWakerEndsWithTheLoopAfterWhatWasLeftToIt(@TempDir Path directory) throws Exception {
        List<Parked> several = new ArrayList<>();
        for (int i = 0; i < 64; i++) {
            several.add(park(true));
        }
        waiters.gather();
        several.forEach(each -> each.settle(waiters));
        waiters.release();
        waiters.close();
        awaitRounds(several.size());
        while (isAlive(NAME + "-waker", directory)) {
            Thread.yield();
        }
    }

    /** Virtual threads are found by a dump only. */
    private static boolean isAlive(String name, Path directory) throws IOException {
        Path file = Files.createTempFile(directory, "threads", ".txt");
        Files.delete(file);
        ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class).dumpThreads(file.toString(),
                HotSpotDiagnosticMXBean.ThreadDumpFormat.TEXT_PLAIN);
        return Files.readString(file).contains('"' + name + '"');
    }
}
