package io.nio2uring.frameworks.throughput;

import java.io.InputStream;

import io.nio2uring.frameworks.Payload;
import org.apache.sshd.client.session.ClientSession;
import org.apache.sshd.sftp.client.SftpClient;
import org.apache.sshd.sftp.client.SftpClientFactory;

/** A file is fetched; what counts is MiB. */
final class SftpLoad extends SessionLoad {
    static final String FILE = "content";
    static final long SEED = 1;
    static final long FILE_BYTES = 4L << 20;

    @Override
    int ask(ClientSession session) throws Exception {
        try (SftpClient sftp = SftpClientFactory.instance().createSftpClient(session);
                InputStream in = sftp.read("/" + FILE)) {
            Payload.check(in, SEED, FILE_BYTES);
        }
        return (int) (FILE_BYTES >> 20);
    }
}
