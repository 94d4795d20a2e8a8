package io.nio2uring.traffic;

import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.lang.reflect.Method;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

import io.nio2uring.Invariants;
import io.nio2uring.ProcessDump;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.InvocationInterceptor;
import org.junit.jupiter.api.extension.ReflectiveInvocationContext;

/**
 * Interrupts a test that runs longer, and fails it with a thread dump taken before the interrupt. JUnit's own time-out
 * would say only where the test stood, not what the threads of the channel group were doing.
 */
@Target({ElementType.TYPE, ElementType.METHOD})
@Retention(RetentionPolicy.RUNTIME)
@Inherited
@ExtendWith(TimeLimit.Watch.class)
public @interface TimeLimit {
    /** The limit of one test, of one invocation if the test has parameters. */
    int seconds() default 60;

    /** Runs each test beside a thread that waits for its end. */
    final class Watch implements InvocationInterceptor {
        @Override
        public void interceptTestMethod(
                Invocation<Void> test, ReflectiveInvocationContext<Method> method, ExtensionContext context)
                throws Throwable {
            watch(test, secondsFor(method));
        }

        @Override
        public void interceptTestTemplateMethod(
                Invocation<Void> test, ReflectiveInvocationContext<Method> method, ExtensionContext context)
                throws Throwable {
            watch(test, secondsFor(method));
        }

        private static int secondsFor(ReflectiveInvocationContext<Method> method) {
            TimeLimit limit = method.getExecutable().getAnnotation(TimeLimit.class);
            return (limit != null ? limit : method.getTargetClass().getAnnotation(TimeLimit.class)).seconds();
        }

        private static void watch(Invocation<Void> test, int seconds) throws Throwable {
            Thread runner = Thread.currentThread();
            CountDownLatch done = new CountDownLatch(1);
            AtomicReference<String> dump = new AtomicReference<>();
            Thread watcher = Thread.ofPlatform().daemon().name("time limit").start(() -> {
                try {
                    if (!done.await(seconds, TimeUnit.SECONDS)) {
                        dump.set(ProcessDump.now());
                        // The interrupt does not end everything, such as a read from another process.
                        System.err.println("not finished within " + seconds + " s. " + dump.get());
                        runner.interrupt();
                    }
                } catch (InterruptedException nobodyInterruptsThis) {
                    throw new AssertionError(nobodyInterruptsThis);
                }
            });
            Throwable failure = null;
            Invariants.watch();
            try {
                test.proceed();
            } catch (Throwable thrown) {
                failure = thrown;
            }
            done.countDown();
            joinThoughInterrupted(watcher);
            if (dump.get() != null) {
                throw new AssertionError("not finished within " + seconds + " s. " + dump.get(), failure);
            }
            if (failure != null) {
                throw failure;
            }
            Invariants.assertHeld();
        }

        /** The watcher's interrupt may arrive as late as here; the next test must not see it. */
        private static void joinThoughInterrupted(Thread watcher) {
            while (watcher.isAlive()) {
                try {
                    watcher.join();
                } catch (InterruptedException late) {
                    continue;
                }
            }
            Thread.interrupted();
        }
    }
}
