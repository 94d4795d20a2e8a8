package io.nio2uring.channel;

import java.nio.channels.spi.AsynchronousChannelProvider;

/** Whose channels are measured. Java chooses once in a virtual machine, and JMH starts one for each choice. */
public enum Provider {
    /** This project's. */
    URING("io.nio2uring.UringAsynchronousChannelProvider"),
    /** Java's own. */
    JDK("sun.nio.ch.LinuxAsynchronousChannelProvider");

    private final String className;

    Provider(String className) {
        this.className = className;
    }

    /** Makes this the provider of the virtual machine, before it has one. */
    AsynchronousChannelProvider choose() {
        System.setProperty("java.nio.channels.spi.AsynchronousChannelProvider", className);
        AsynchronousChannelProvider chosen = AsynchronousChannelProvider.provider();
        if (!chosen.getClass().getName().equals(className)) {
            throw new IllegalStateException(className + " was to be measured, but this virtual machine has "
                    + chosen.getClass().getName() + "; JMH has to start one for each (-f 1 or more)");
        }
        return chosen;
    }
}
