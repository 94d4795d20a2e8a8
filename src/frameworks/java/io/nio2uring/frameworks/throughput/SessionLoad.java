package io.nio2uring.frameworks.throughput;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;

import io.nio2uring.frameworks.Parallel;
import io.nio2uring.frameworks.sshd.SshdServer;
import org.apache.sshd.client.SshClient;
import org.apache.sshd.client.config.hosts.HostConfigEntryResolver;
import org.apache.sshd.client.session.ClientSession;
import org.apache.sshd.common.keyprovider.KeyIdentityProvider;

/** A load on sessions of SSH that are open from the start, by MINA's client, which runs on the JDK's provider. */
abstract class SessionLoad implements Load {
    static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final int SESSIONS = 8;

    @Override
    public final double perSecond(int port, int seconds) throws Exception {
        SshdServer.logFailuresOnly();
        try (SshClient client = SshClient.setUpDefaultClient()) {
            client.setServerKeyVerifier((session, address, key) -> true);
            // Nothing of the person who runs this.
            client.setKeyIdentityProvider(KeyIdentityProvider.EMPTY_KEYS_PROVIDER);
            client.setHostConfigEntryResolver(HostConfigEntryResolver.EMPTY);
            client.start();
            List<ClientSession> sessions = new ArrayList<>();
            for (int i = 0; i < SESSIONS; i++) {
                sessions.add(open(client, port));
            }
            LongAdder answered = new LongAdder();
            long begin = System.nanoTime();
            long end = begin + TimeUnit.SECONDS.toNanos(seconds);
            Parallel.run(SESSIONS, number -> {
                while (System.nanoTime() - end < 0) {
                    answered.add(ask(sessions.get(number)));
                }
            });
            return answered.sum() * 1e9 / (System.nanoTime() - begin);
        }
    }

    private static ClientSession open(SshClient client, int port) throws IOException {
        ClientSession session = client.connect(SshdServer.USER, "127.0.0.1", port).verify(PATIENCE).getSession();
        session.addPasswordIdentity(SshdServer.PASSWORD);
        session.auth().verify(PATIENCE);
        return session;
    }

    /** Asks once, and returns how much was answered. */
    abstract int ask(ClientSession session) throws Exception;
}
