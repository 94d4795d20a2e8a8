package io.nio2uring.ring;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.DataInputStream;
import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;

import io.nio2uring.abi.SockaddrIn;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Compiles and runs the example of the documentation. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class RingExampleTest {
    private static final Path SOURCE = Path.of("docs/RingEcho.java");

    private static Path compile(Path directory) {
        int result =
                ToolProvider.getSystemJavaCompiler().run(null, null, null, "-Xlint:all,-path", "-Werror", "-proc:none",
                        "-cp", System.getProperty("java.class.path"), "-d", directory.toString(), SOURCE.toString());
        assertEquals(0, result, "the compiler's verdict");
        return directory;
    }

    @Test
    void every_byte_comes_back_even_with_tiny_queues_and_few_buffers(@TempDir Path directory) throws Exception {
        try (URLClassLoader loader = new URLClassLoader(new URL[] {compile(directory).toUri().toURL()});
                Tcp tcp = Tcp.listening(); ExecutorService clients = Executors.newCachedThreadPool()) {
            Class<?> example = loader.loadClass("RingEcho");
            MethodHandles.Lookup lookup = MethodHandles.publicLookup();
            MethodHandle turn = lookup.findVirtual(example, "turn", MethodType.methodType(void.class, long.class));
            for (int[] sizes : new int[][] {{1, 2}, {256, 256}}) {
                Object server = example.getConstructor(int.class, int.class, int.class)
                        .newInstance(tcp.listener, sizes[0], sizes[1]);
                AtomicBoolean stop = new AtomicBoolean();
                Future<Void> serving = clients.submit((Callable<Void>) () -> {
                    try {
                        while (!stop.get()) {
                            invoke(turn, server);
                        }
                    } finally {
                        ((AutoCloseable) server).close();
                    }
                    return null;
                });
                List<Future<Void>> echoes = new ArrayList<>();
                for (int i = 0; i < 8; i++) {
                    int seed = i;
                    echoes.add(clients.submit(() -> echo(port(tcp), seed)));
                }
                for (Future<Void> echo : echoes) {
                    echo.get();
                }
                stop.set(true);
                serving.get();
            }
        }
    }

    private static void invoke(MethodHandle turn, Object server) throws IOException {
        try {
            turn.invoke(server, 10_000_000L);
        } catch (IOException | RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
    }

    private static int port(Tcp tcp) {
        return tcp.address.get(ValueLayout.JAVA_SHORT.withOrder(ByteOrder.BIG_ENDIAN), SockaddrIn.SIN_PORT_OFFSET)
                & 0xffff;
    }

    private static Void echo(int port, int seed) throws IOException {
        Random random = new Random(seed);
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            DataInputStream in = new DataInputStream(socket.getInputStream());
            for (int round = 0; round < 30; round++) {
                byte[] sent = new byte[1 + random.nextInt(30_000)];
                random.nextBytes(sent);
                socket.getOutputStream().write(sent);
                byte[] back = new byte[sent.length];
                in.readFully(back);
                assertArrayEquals(sent, back);
            }
            socket.shutdownOutput();
            assertTrue(in.read() < 0, "the server closes");
        }
        return null;
    }
}
