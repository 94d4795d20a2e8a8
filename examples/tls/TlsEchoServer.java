package tls;

import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;

import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import support.Listener;

/**
 * An echo server with TLS, by {@code SSLEngine} on {@code java.nio.channels}.
 *
 * <p>Usage: {@code java tls.TlsEchoServer PORT KEYSTORE PASSWORD}. Talk to it with
 * {@code openssl s_client -connect 127.0.0.1:PORT}.
 */
public final class TlsEchoServer {
    private TlsEchoServer() {}

    /** Runs the server until it is killed. */
    public static void main(String[] args) throws InterruptedException {
        if (args.length != 3) {
            throw Listener.exit("usage: TlsEchoServer PORT KEYSTORE PASSWORD");
        }
        int port = Listener.port(args[0]);
        SSLContext context;
        try {
            context = context(Path.of(args[1]), args[2].toCharArray());
        } catch (IOException | GeneralSecurityException e) {
            throw Listener.exit("cannot use the key in " + args[1] + ": " + e);
        }
        Listener.run(port, connection -> new TlsConnection(context, connection).advance());
    }

    private static SSLContext context(Path file, char[] password) throws IOException, GeneralSecurityException {
        KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(KeyStore.getInstance(file.toFile(), password), password);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), null, null);
        return context;
    }
}
