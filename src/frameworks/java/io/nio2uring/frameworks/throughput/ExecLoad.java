package io.nio2uring.frameworks.throughput;

import java.util.EnumSet;
import java.util.Set;

import io.nio2uring.frameworks.Payload;
import org.apache.sshd.client.channel.ChannelExec;
import org.apache.sshd.client.channel.ClientChannelEvent;
import org.apache.sshd.client.session.ClientSession;

/** Commands, each of which prints 64 bytes. */
final class ExecLoad extends SessionLoad {
    private static final int ANSWER_BYTES = 64;

    @Override
    int ask(ClientSession session) throws Exception {
        try (ChannelExec command = session.createExecChannel("send 1 " + ANSWER_BYTES)) {
            command.open().verify(PATIENCE);
            Payload.check(command.getInvertedOut(), 1, ANSWER_BYTES);
            Set<ClientChannelEvent> events = command.waitFor(EnumSet.of(ClientChannelEvent.CLOSED), PATIENCE);
            if (!events.contains(ClientChannelEvent.CLOSED) || command.getExitStatus() != 0) {
                throw new AssertionError("the command has not ended well: " + events);
            }
        }
        return 1;
    }
}
