package io.nio2uring.channel;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;

import io.nio2uring.abi.SocketConstant;
import io.nio2uring.channel.OpenGroup.Pair;
import io.nio2uring.loop.Operation.Verdict;
import io.nio2uring.sys.Errno;
import org.junit.jupiter.api.Test;

/** Invariant 4, for connects: what the kernel cancelled since a thread has died is not what the user is told. */
class UnaskedCancellationTest {
    @Test
    void ofAConnectIsNoOutcome() throws IOException {
        try (OpenGroup group = OpenGroup.fixed(1)) {
            Pair pair = group.pair();
            Endpoint endpoint = new Endpoint(group.group, group.group.nextLoop(), pair.channel(),
                    DescriptorSocket.connected(-1), 0);
            ConnectOperation connect = new ConnectOperation(endpoint);
            connect.setRemote(group.address(), SocketConstant.AF_INET);
            assertEquals(Verdict.AGAIN, connect.take(-Errno.ECANCELED, 0));
        }
    }
}
