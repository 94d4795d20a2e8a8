package io.nio2uring.frameworks.sshd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyPair;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import io.nio2uring.frameworks.Form;
import io.nio2uring.frameworks.Parallel;
import io.nio2uring.frameworks.Payload;
import io.nio2uring.frameworks.PlainEcho;
import io.nio2uring.frameworks.Served;
import io.nio2uring.frameworks.Tool;
import org.apache.sshd.common.config.keys.PublicKeyEntry;
import org.apache.sshd.common.keyprovider.FileKeyPairProvider;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The system's OpenSSH clients against Apache MINA SSHD. */
@Timeout(300)
class OpenSshIT {
    private static final String PACKAGE = "openssh-client";
    private static final String TARGET = SshdServer.USER + "@127.0.0.1";

    @TempDir
    private static Path directory;
    private static Path files;
    private static Path key;
    private static Path knownHosts;
    private static Served served;
    private static SshdServer server;

    @BeforeAll
    static void start() throws Exception {
        key = directory.resolve("key");
        Tool.ofSystem("ssh-keygen", PACKAGE).run(List.of("-q", "-t", "ecdsa", "-N", "", "-f", key.toString()));
        KeyPair host = Keys.generate();
        KeyPair user = new FileKeyPairProvider(key).loadKeys(null).iterator().next();
        files = Files.createDirectory(directory.resolve("files"));
        served = new Served();
        server = new SshdServer(host, user.getPublic(), files);
        knownHosts = Files.writeString(directory.resolve("known"),
                "[127.0.0.1]:" + server.port() + " " + PublicKeyEntry.toString(host.getPublic()) + "\n");
    }

    @AfterAll
    static void stop() throws IOException {
        try {
            served.assertSince(500);
        } finally {
            server.close();
        }
    }

    @Test
    void executesCommandsByKey() throws Exception {
        long length = Form.mebibytes(8, 256) + 1;
        Path received = directory.resolve("received");
        ssh(byKey("-T", TARGET, "send 1 " + length), Path.of("/dev/null"), received);
        check(received, 1, length);
        Path sent = payload("sent", 2, length);
        Path answer = directory.resolve("answer");
        ssh(byKey("-T", TARGET, "take 2 " + length), sent, answer);
        assertEquals(Long.toString(length), Files.readString(answer));
    }

    @Test
    void executesACommandByPassword() throws Exception {
        Path prompter = Files.createFile(directory.resolve("prompter"),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        Files.writeString(prompter, "#!/bin/sh\necho '" + SshdServer.PASSWORD + "'\n");
        Path received = directory.resolve("by-password");
        Tool.ofSystem("ssh", PACKAGE)
                .with(Map.of("SSH_ASKPASS", prompter.toString(), "SSH_ASKPASS_REQUIRE", "force"))
                .run(options("-p", "-o", "PreferredAuthentications=password", "-T", TARGET, "send 3 1000"),
                        Path.of("/dev/null"), received);
        check(received, 3, 1000);
    }

    @Test
    void movesFilesBySftp() throws Exception {
        long length = Form.mebibytes(16, 256) + 1;
        Path sent = payload("sent-by-sftp", 4, length);
        Path received = directory.resolve("received-by-sftp");
        Path batch = Files.writeString(directory.resolve("batch"),
                "put " + sent + " /file\nls -l /file\nget /file " + received + "\n");
        Tool.ofSystem("sftp", PACKAGE).run(options("-P", "-i", key.toString(), "-b", batch.toString(), TARGET));
        check(files.resolve("file"), 4, length);
        check(received, 4, length);
    }

    @Test
    void movesFilesByScp() throws Exception {
        long length = Form.mebibytes(8, 256) + 1;
        Path sent = payload("sent-by-scp", 5, length);
        Path received = directory.resolve("received-by-scp");
        Tool scp = Tool.ofSystem("scp", PACKAGE);
        scp.run(options("-P", "-s", "-i", key.toString(), sent.toString(), TARGET + ":/copied"));
        check(files.resolve("copied"), 5, length);
        scp.run(options("-P", "-s", "-i", key.toString(), TARGET + ":/copied", received.toString()));
        check(received, 5, length);
    }

    /** Standard input and output of the client become the connection that is forwarded. */
    @Test
    void forwardsAConnection() throws Exception {
        long length = Form.mebibytes(4, 64) + 1;
        Path sent = payload("forwarded", 6, length);
        Path received = directory.resolve("echoed");
        try (PlainEcho echo = new PlainEcho()) {
            ssh(byKey("-W", "127.0.0.1:" + echo.port(), TARGET), sent, received);
        }
        check(received, 6, length);
    }

    @Test
    void servesManyClientsAtOnce() throws Exception {
        Parallel.run(Form.choose(4, 20), number -> {
            Path received = directory.resolve("received-" + number);
            ssh(byKey("-T", TARGET, "send " + number + " 1000000"), Path.of("/dev/null"), received);
            check(received, number, 1_000_000);
        });
    }

    private static void ssh(List<String> arguments, Path input, Path output) throws Exception {
        Tool.ofSystem("ssh", PACKAGE).run(arguments, input, output);
    }

    private static List<String> byKey(String... more) {
        List<String> arguments = options("-p", "-i", key.toString(), "-o", "BatchMode=yes");
        arguments.addAll(List.of(more));
        return arguments;
    }

    /** {@code portOption} is what this client names the port with. Nothing of the person who runs this is looked at. */
    private static List<String> options(String portOption, String... more) {
        List<String> arguments = new ArrayList<>(List.of("-F", "/dev/null", "-o", "UserKnownHostsFile=" + knownHosts,
                "-o", "GlobalKnownHostsFile=/dev/null", "-o", "StrictHostKeyChecking=yes", "-o", "IdentitiesOnly=yes",
                portOption, Integer.toString(server.port())));
        arguments.addAll(List.of(more));
        return arguments;
    }

    private static Path payload(String name, long seed, long length) throws IOException {
        Path file = directory.resolve(name);
        try (InputStream in = Payload.stream(seed, length)) {
            assertEquals(length, Files.copy(in, file));
        }
        return file;
    }

    private static void check(Path file, long seed, long length) throws IOException {
        assertTrue(Files.exists(file), file::toString);
        try (InputStream in = Files.newInputStream(file)) {
            Payload.check(in, seed, length);
        }
    }
}
