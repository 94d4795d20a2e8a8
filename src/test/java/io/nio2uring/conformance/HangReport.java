package io.nio2uring.conformance;

import java.lang.reflect.Method;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import io.nio2uring.ProcessDump;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.InvocationInterceptor;
import org.junit.jupiter.api.extension.ReflectiveInvocationContext;

/** Runs each test in a thread of its own and fails one that hangs, with a dump of the process. */
final class HangReport implements InvocationInterceptor {
    static final Duration LIMIT = Duration.ofSeconds(30);

    @Override
    public void interceptTestMethod(
            Invocation<Void> invocation, ReflectiveInvocationContext<Method> method, ExtensionContext context)
            throws Throwable {
        runWithLimit(invocation, context.getDisplayName());
    }

    @Override
    public void interceptTestTemplateMethod(
            Invocation<Void> invocation, ReflectiveInvocationContext<Method> method, ExtensionContext context)
            throws Throwable {
        runWithLimit(invocation, method.getExecutable().getName() + " " + context.getDisplayName());
    }

    private static void runWithLimit(Invocation<Void> invocation, String name) throws Throwable {
        Throwable[] thrown = new Throwable[1];
        CountDownLatch finished = new CountDownLatch(1);
        Thread test = new Thread(
                () -> {
                    try {
                        invocation.proceed();
                    } catch (Throwable t) {
                        thrown[0] = t;
                    } finally {
                        finished.countDown();
                    }
                },
                "test " + name);
        test.setDaemon(true);
        test.start();
        if (!finished.await(LIMIT.toMillis(), TimeUnit.MILLISECONDS)) {
            String dump = ProcessDump.now();
            System.err.println(dump);
            test.interrupt();
            throw new AssertionError(name + " hung for " + LIMIT + "\n" + dump);
        }
        if (thrown[0] != null) {
            throw thrown[0];
        }
    }
}
