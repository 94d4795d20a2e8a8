package io.nio2uring.simulation;

import java.lang.reflect.Constructor;
import java.lang.reflect.Field;
import java.nio.channels.Channel;
import java.nio.channels.spi.AsynchronousChannelProvider;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

import io.nio2uring.channel.RingChannelGroup;
import io.nio2uring.loop.EventLoop;

/** Looks into the product where no other way leads: what belongs to a channel, and what outlives a run. */
final class Inside {
    private static final int CLOSED = 1 << 8;

    private Inside() {
    }

    private static Object get(Object object, Class<?> type, String name) {
        try {
            return field(type, name).get(object);
        } catch (IllegalAccessException e) {
            throw new AssertionError(e);
        }
    }

    private static Field field(Class<?> type, String name) {
        try {
            Field field = type.getDeclaredField(name);
            field.setAccessible(true);
            return field;
        } catch (NoSuchFieldException e) {
            throw new AssertionError(e);
        }
    }

    private static Object endpoint(Channel channel) {
        return get(channel, channel.getClass(), "endpoint");
    }

    static int descriptor(Channel channel) {
        Object endpoint = endpoint(channel);
        return (int) get(endpoint, endpoint.getClass(), "fd");
    }

    /** As {@link Channel#isOpen}, but nothing can happen meanwhile. */
    static boolean isOpen(Channel channel) {
        Object endpoint = endpoint(channel);
        return ((int) get(endpoint, endpoint.getClass().getSuperclass(), "state") & CLOSED) == 0;
    }

    private static Class<?> product(String name) {
        try {
            return Class.forName("io.nio2uring." + name, true, Inside.class.getClassLoader());
        } catch (ClassNotFoundException e) {
            throw new AssertionError(e);
        }
    }

    /** Those that the product's monitor looks after. */
    private static Collection<?> loops() {
        Class<?> monitor = product("loop.Monitor");
        return (Collection<?>) get(get(null, monitor, "INSTANCE"), monitor, "loops");
    }

    /** What the process still holds when all groups have terminated: loops watched, channels listening. */
    static int leftOver() {
        return loops().size() + ((Collection<?>) get(null, product("channel.Listeners"), "OPEN")).size();
    }

    /** One line for each loop of the process: who leads it, and what that is doing. */
    static List<String> loopStates() {
        return loops().stream().map(EventLoop.class::cast)
                .map(loop -> "loop " + loop.name() + " is " + loop.state() + ", " + loop.statistics()).toList();
    }

    /** The group of channels that are opened without one; null when there has been none. */
    static RingChannelGroup defaultGroup(AsynchronousChannelProvider provider) {
        return (RingChannelGroup) get(provider, provider.getClass(), "defaultGroup");
    }

    /** Makes the product as it was when it was loaded. */
    static void reset() {
        Class<?> monitor = product("loop.Monitor");
        Object instance = get(null, monitor, "INSTANCE");
        loops().clear();
        ((Collection<?>) get(null, product("channel.Listeners"), "OPEN")).clear();
        ((AtomicInteger) get(null, product("channel.RingChannelGroup"), "NUMBER")).set(0);
        try {
            field(product("ring.SetupFlagProbe"), "cached").set(null, -1);
            field(product("EngineChoice"), "verdict").set(null, null);
            // Whoever shows loops to JMX waits for garbage collections, which no seed determines: it is never started.
            Constructor<?> registrar = product("Registrar").getDeclaredConstructor();
            registrar.setAccessible(true);
            field(product("OpenProviders"), "registrar").set(null, registrar.newInstance());
            ((Map<?, ?>) get(null, product("OpenProviders"), "PROVIDERS")).clear();
            field(monitor, "thread").set(instance, null);
            field(monitor, "asleep").set(instance, false);
            field(monitor, "ticks").set(instance, 0);
        } catch (ReflectiveOperationException e) {
            throw new AssertionError(e);
        }
    }
}
