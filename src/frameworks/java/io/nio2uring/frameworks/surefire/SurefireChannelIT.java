package io.nio2uring.frameworks.surefire;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;

import io.nio2uring.frameworks.Engine;
import org.junit.jupiter.api.Test;

/** Surefire's TCP channel, by which this very JVM tells Maven what happens in it, and is told what to do. */
class SurefireChannelIT {
    private static final String SUREFIRE = "org.apache.maven.surefire.";

    @Test
    void waitsForCommandsOnAChannelOfTheEngineUnderTest() {
        String provider = Engine.underTest() == Engine.JDK ? "sun.nio.ch." : "io.nio2uring.channel.";
        List<List<StackTraceElement>> stacks = Thread.getAllStackTraces().values().stream().map(List::of)
                .filter(stack -> contains(stack, SUREFIRE)).toList();
        assertTrue(stacks.stream().anyMatch(stack -> contains(stack, provider)), stacks::toString);
    }

    private static boolean contains(List<StackTraceElement> stack, String classPrefix) {
        return stack.stream().map(StackTraceElement::getClassName).anyMatch(name -> name.startsWith(classPrefix));
    }
}
