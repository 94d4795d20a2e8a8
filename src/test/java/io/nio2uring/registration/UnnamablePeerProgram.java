package io.nio2uring.registration;

import java.net.UnixDomainSocketAddress;
import java.nio.channels.AsynchronousServerSocketChannel;
import java.util.concurrent.ExecutionException;

/** Accepts connections at the path of its first argument, one after the other, and tells from whom each is. */
final class UnnamablePeerProgram {
    private UnnamablePeerProgram() {
    }

    public static void main(String[] arguments) throws Exception {
        try (AsynchronousServerSocketChannel server = AsynchronousServerSocketChannel.open()
                .bind(UnixDomainSocketAddress.of(arguments[0]))) {
            System.out.println("listening");
            for (int i = 0; i < 3; i++) {
                try {
                    System.out.println("accepted '" + server.accept().get().getRemoteAddress() + "'");
                } catch (ExecutionException e) {
                    System.out.println("not accepted");
                }
            }
        }
    }
}
