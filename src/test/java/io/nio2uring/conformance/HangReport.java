package io.nio2uring.conformance;

import java.lang.reflect.Method;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.InvocationInterceptor;
import org.junit.jupiter.api.extension.ReflectiveInvocationContext;

/** Runs each test in a thread of its own and fails one that hangs, with the stacks of all platform threads. */
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
            String stacks = stacks();
            System.err.println(stacks);
            test.interrupt();
            throw new AssertionError(name + " hung for " + LIMIT + "\n" + stacks);
        }
        if (thrown[0] != null) {
            throw thrown[0];
        }
    }

    /** What every platform thread does at the moment. */
    static String stacks() {
        StringBuilder text = new StringBuilder();
        for (Map.Entry<Thread, StackTraceElement[]> entry : Thread.getAllStackTraces().entrySet()) {
            text.append(entry.getKey())
                    .append(' ')
                    .append(entry.getKey().getState())
                    .append('\n');
            for (StackTraceElement frame : entry.getValue()) {
                text.append("    at ").append(frame).append('\n');
            }
        }
        return text.toString();
    }
}
