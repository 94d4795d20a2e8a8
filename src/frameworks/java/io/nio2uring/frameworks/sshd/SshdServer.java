package io.nio2uring.frameworks.sshd;

import java.io.IOException;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.PublicKey;
import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;

import org.apache.sshd.common.config.keys.KeyUtils;
import org.apache.sshd.common.file.virtualfs.VirtualFileSystemFactory;
import org.apache.sshd.common.io.nio2.Nio2ServiceFactory;
import org.apache.sshd.common.keyprovider.KeyPairProvider;
import org.apache.sshd.server.SshServer;
import org.apache.sshd.server.forward.AcceptAllForwardingFilter;
import org.apache.sshd.sftp.server.SftpSubsystemFactory;
import org.junit.jupiter.api.Assertions;

/** Apache MINA SSHD as it comes, on a free port of the loopback interface. */
public final class SshdServer implements AutoCloseable {
    /** Who may log in. */
    public static final String USER = "someone";
    /** By this, or by a key. */
    public static final String PASSWORD = "a secret";

    // Held here, since the logging package forgets the level of a logger that nobody holds.
    private static final Logger LOGGER = Logger.getLogger("org.apache.sshd");

    private final SshServer server = SshServer.setUpDefaultServer();

    /**
     * Starts it.
     *
     * @param host  its key
     * @param user  that may log in
     * @param files what it serves by SFTP
     */
    public SshdServer(KeyPair host, PublicKey user, Path files) throws IOException {
        logFailuresOnly();
        server.setHost("127.0.0.1");
        server.setPort(0);
        server.setKeyPairProvider(KeyPairProvider.wrap(host));
        server.setPasswordAuthenticator((name, password, session) -> USER.equals(name) && PASSWORD.equals(password));
        server.setPublickeyAuthenticator((name, key, session) -> USER.equals(name) && KeyUtils.compareKeys(key, user));
        server.setCommandFactory((channel, line) -> new PayloadCommand(line));
        server.setSubsystemFactories(List.of(new SftpSubsystemFactory()));
        server.setFileSystemFactory(new VirtualFileSystemFactory(files));
        server.setForwardingFilter(AcceptAllForwardingFilter.INSTANCE);
        server.start();
        Assertions.assertInstanceOf(Nio2ServiceFactory.class, server.getIoServiceFactory());
    }

    /** For its client, too. */
    public static void logFailuresOnly() {
        LOGGER.setLevel(Level.SEVERE);
    }

    /** The port that it listens on. */
    public int port() {
        return server.getPort();
    }

    @Override
    public void close() throws IOException {
        server.stop();
    }
}
