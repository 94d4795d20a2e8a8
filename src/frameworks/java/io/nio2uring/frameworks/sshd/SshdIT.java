package io.nio2uring.frameworks.sshd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Set;

import io.nio2uring.frameworks.Form;
import io.nio2uring.frameworks.Parallel;
import io.nio2uring.frameworks.Payload;
import io.nio2uring.frameworks.PlainEcho;
import io.nio2uring.frameworks.Served;
import org.apache.sshd.client.SshClient;
import org.apache.sshd.client.channel.ChannelExec;
import org.apache.sshd.client.channel.ClientChannelEvent;
import org.apache.sshd.client.config.hosts.HostConfigEntryResolver;
import org.apache.sshd.client.session.ClientSession;
import org.apache.sshd.common.SshException;
import org.apache.sshd.common.config.keys.KeyUtils;
import org.apache.sshd.common.keyprovider.KeyIdentityProvider;
import org.apache.sshd.common.util.net.SshdSocketAddress;
import org.apache.sshd.server.forward.AcceptAllForwardingFilter;
import org.apache.sshd.sftp.client.SftpClient;
import org.apache.sshd.sftp.client.SftpClientFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Apache MINA SSHD's client and server, both of which use NIO.2, on one another. */
@Timeout(300)
class SshdIT {
    private static final Duration PATIENCE = Duration.ofMinutes(4);
    private static final SshdSocketAddress ANY_PORT = new SshdSocketAddress("127.0.0.1", 0);

    @TempDir
    private static Path files;
    private static KeyPair user;
    private static Served served;
    private static SshdServer server;
    private static SshClient client;

    @BeforeAll
    static void start() throws Exception {
        KeyPair host = Keys.generate();
        user = Keys.generate();
        served = new Served();
        server = new SshdServer(host, user.getPublic(), files);
        client = SshClient.setUpDefaultClient();
        client.setServerKeyVerifier((session, address, key) -> KeyUtils.compareKeys(key, host.getPublic()));
        // Nothing of the person who runs this.
        client.setKeyIdentityProvider(KeyIdentityProvider.EMPTY_KEYS_PROVIDER);
        client.setHostConfigEntryResolver(HostConfigEntryResolver.EMPTY);
        // The client is asked, too, when a connection comes through a port of the server's.
        client.setForwardingFilter(AcceptAllForwardingFilter.INSTANCE);
        client.start();
    }

    @AfterAll
    static void stop() throws IOException {
        try {
            served.assertSince(1000);
        } finally {
            client.stop();
            server.close();
        }
    }

    @Test
    void takesTheRightPasswordOnly() throws Exception {
        try (ClientSession session = connect()) {
            session.addPasswordIdentity(SshdServer.PASSWORD);
            session.auth().verify(PATIENCE);
            download(session, 1, 1000);
        }
        try (ClientSession session = connect()) {
            session.addPasswordIdentity("another");
            assertThrows(SshException.class, () -> session.auth().verify(PATIENCE));
        }
    }

    @Test
    void takesTheRightKeyOnly() throws Exception {
        try (ClientSession session = authenticated()) {
            download(session, 2, 1000);
        }
        try (ClientSession session = connect()) {
            session.addPublicKeyIdentity(Keys.generate());
            assertThrows(SshException.class, () -> session.auth().verify(PATIENCE));
        }
    }

    @Test
    void executesCommands() throws Exception {
        try (ClientSession session = authenticated()) {
            download(session, 3, Form.mebibytes(8, 256) + 1);
            upload(session, 4, Form.mebibytes(8, 256) + 1);
            try (ChannelExec command = session.createExecChannel("complain 7")) {
                ByteArrayOutputStream errors = new ByteArrayOutputStream();
                command.setErr(errors);
                command.open().verify(PATIENCE);
                assertEquals(7, awaitStatus(command));
                assertEquals(PayloadCommand.COMPLAINT, errors.toString(StandardCharsets.US_ASCII));
            }
        }
    }

    @Test
    void movesFilesBothWays() throws Exception {
        long length = Form.mebibytes(16, 256) + 1;
        Path uploaded = files.resolve("uploaded");
        try (ClientSession session = authenticated();
                SftpClient sftp = SftpClientFactory.instance().createSftpClient(session)) {
            try (InputStream source = Payload.stream(5, length); OutputStream out = sftp.write("/uploaded")) {
                source.transferTo(out);
            }
            try (InputStream in = Files.newInputStream(uploaded)) {
                Payload.check(in, 5, length);
            }
            assertEquals(length, sftp.stat("/uploaded").getSize());
            try (InputStream in = sftp.read("/uploaded")) {
                Payload.check(in, 5, length);
            }
            sftp.remove("/uploaded");
            assertTrue(Files.notExists(uploaded));
        }
    }

    @Test
    void forwardsPortsBothWays() throws Exception {
        long length = Form.mebibytes(2, 64) + 1;
        try (PlainEcho echo = new PlainEcho(); ClientSession session = authenticated()) {
            SshdSocketAddress target = new SshdSocketAddress("127.0.0.1", echo.port());
            SshdSocketAddress local = session.startLocalPortForwarding(ANY_PORT, target);
            SshdSocketAddress remote = session.startRemotePortForwarding(ANY_PORT, target);
            SshdSocketAddress dynamic = session.startDynamicPortForwarding(ANY_PORT);
            Parallel.run(4, seed -> {
                PlainEcho.exchange(new Socket("127.0.0.1", local.getPort()), seed, length);
                PlainEcho.exchange(new Socket("127.0.0.1", remote.getPort()), seed, length);
                Socket throughSocks = new Socket(new Proxy(Proxy.Type.SOCKS,
                        new InetSocketAddress("127.0.0.1", dynamic.getPort())));
                throughSocks.connect(new InetSocketAddress("127.0.0.1", echo.port()));
                PlainEcho.exchange(throughSocks, seed, length);
            });
            session.stopLocalPortForwarding(local);
            session.stopRemotePortForwarding(remote);
            session.stopDynamicPortForwarding(dynamic);
        }
    }

    @Test
    void servesFiftySessionsAtOnce() throws Exception {
        long length = Form.choose(100_000, 4_000_000);
        Parallel.run(50, seed -> {
            try (ClientSession session = authenticated()) {
                download(session, seed, length);
                upload(session, seed, length);
            }
        });
    }

    private static ClientSession connect() throws IOException {
        return client.connect(SshdServer.USER, "127.0.0.1", server.port()).verify(PATIENCE).getSession();
    }

    private static ClientSession authenticated() throws IOException {
        ClientSession session = connect();
        session.addPublicKeyIdentity(user);
        session.auth().verify(PATIENCE);
        return session;
    }

    private static void download(ClientSession session, long seed, long length) throws IOException {
        try (ChannelExec command = session.createExecChannel("send " + seed + " " + length)) {
            command.open().verify(PATIENCE);
            Payload.check(command.getInvertedOut(), seed, length);
            assertEquals(0, awaitStatus(command));
        }
    }

    private static void upload(ClientSession session, long seed, long length) throws IOException {
        try (ChannelExec command = session.createExecChannel("take " + seed + " " + length)) {
            command.open().verify(PATIENCE);
            try (OutputStream out = command.getInvertedIn()) {
                Payload.stream(seed, length).transferTo(out);
            }
            String answer = new String(command.getInvertedOut().readAllBytes(), StandardCharsets.US_ASCII);
            assertEquals(Long.toString(length), answer);
            assertEquals(0, awaitStatus(command));
        }
    }

    private static Integer awaitStatus(ChannelExec command) {
        Set<ClientChannelEvent> events = command.waitFor(EnumSet.of(ClientChannelEvent.CLOSED), PATIENCE);
        assertTrue(events.contains(ClientChannelEvent.CLOSED), () -> "the command has ended: " + events);
        return command.getExitStatus();
    }
}
