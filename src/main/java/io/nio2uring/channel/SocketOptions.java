package io.nio2uring.channel;

import java.io.IOException;
import java.net.SocketOption;
import java.net.StandardSocketOptions;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

import io.nio2uring.abi.SocketConstant;
import io.nio2uring.sys.SocketCalls;
import jdk.net.ExtendedSocketOptions;

/** The socket options of one kind of channel: those that the JDK's provider supports, with its checks. */
final class SocketOptions {
    private static final int SOL = SocketConstant.SOL_SOCKET;
    private static final int TCP = SocketConstant.IPPROTO_TCP;
    /** The kernel takes less, but then nothing can be received: the JDK's lower limit on Linux, in bytes. */
    private static final int MIN_RECEIVE_BUFFER_BYTES = 1024;

    private static final Map<SocketOption<?>, int[]> COMMON = Map.of(//
            StandardSocketOptions.SO_RCVBUF, new int[] {SOL, SocketConstant.SO_RCVBUF},
            StandardSocketOptions.SO_REUSEADDR, new int[] {SOL, SocketConstant.SO_REUSEADDR},
            StandardSocketOptions.SO_REUSEPORT, new int[] {SOL, SocketConstant.SO_REUSEPORT},
            ExtendedSocketOptions.TCP_KEEPIDLE, new int[] {TCP, SocketConstant.TCP_KEEPIDLE},
            ExtendedSocketOptions.TCP_KEEPINTERVAL, new int[] {TCP, SocketConstant.TCP_KEEPINTVL},
            ExtendedSocketOptions.TCP_KEEPCOUNT, new int[] {TCP, SocketConstant.TCP_KEEPCNT});

    /** Options of a listening channel. */
    static final SocketOptions LISTENING = new SocketOptions(COMMON, Map.of(//
            ExtendedSocketOptions.TCP_QUICKACK, new int[] {TCP, SocketConstant.TCP_QUICKACK},
            ExtendedSocketOptions.SO_INCOMING_NAPI_ID, new int[] {SOL, SocketConstant.SO_INCOMING_NAPI_ID}));

    /** Options of a connected, or not yet connected, channel. */
    static final SocketOptions STREAM = new SocketOptions(COMMON, Map.of(//
            ExtendedSocketOptions.TCP_QUICKACK, new int[] {TCP, SocketConstant.TCP_QUICKACK},
            ExtendedSocketOptions.SO_INCOMING_NAPI_ID, new int[] {SOL, SocketConstant.SO_INCOMING_NAPI_ID},
            StandardSocketOptions.SO_SNDBUF, new int[] {SOL, SocketConstant.SO_SNDBUF},
            StandardSocketOptions.SO_KEEPALIVE, new int[] {SOL, SocketConstant.SO_KEEPALIVE},
            StandardSocketOptions.TCP_NODELAY, new int[] {TCP, SocketConstant.TCP_NODELAY}));

    /** Level and name of each. */
    private final Map<SocketOption<?>, int[]> options;

    private SocketOptions(Map<SocketOption<?>, int[]> common, Map<SocketOption<?>, int[]> special) {
        Map<SocketOption<?>, int[]> all = new LinkedHashMap<>(common);
        all.putAll(special);
        options = Map.copyOf(all);
    }

    Set<SocketOption<?>> names() {
        return options.keySet();
    }

    /**
     * Sets an option of a socket.
     *
     * @throws IllegalArgumentException for a value that is not legal
     */
    <T> void set(int fd, SocketOption<T> name, T value) throws IOException {
        int[] levelAndName = options.get(name);
        SocketErrors.check(SocketCalls.setIntOption(fd, levelAndName[0], levelAndName[1], toInt(name, value)));
    }

    /** Gets an option of a socket. */
    <T> T get(int fd, SocketOption<T> name) throws IOException {
        int[] levelAndName = options.get(name);
        int[] value = new int[1];
        SocketErrors.check(SocketCalls.getIntOption(fd, levelAndName[0], levelAndName[1], value));
        return name.type().cast(fromInt(name, value[0]));
    }

    private static int toInt(SocketOption<?> name, Object value) {
        if (value == null) {
            throw new IllegalArgumentException("no value for option " + name);
        }
        if (name.type() == Boolean.class) {
            return (Boolean) value ? 1 : 0;
        }
        int number = (Integer) value;
        if (isSize(name) && number < 0) {
            throw new IllegalArgumentException(name + " is a size in bytes and must not be negative: " + number);
        }
        return name == StandardSocketOptions.SO_RCVBUF ? Math.max(number, MIN_RECEIVE_BUFFER_BYTES) : number;
    }

    private static Object fromInt(SocketOption<?> name, int value) {
        if (name.type() == Boolean.class) {
            return value != 0;
        }
        // The kernel reports twice what was asked for, to account for its own overhead.
        return isSize(name) ? value / 2 : value;
    }

    private static boolean isSize(SocketOption<?> name) {
        return name == StandardSocketOptions.SO_RCVBUF || name == StandardSocketOptions.SO_SNDBUF;
    }
}
