package io.nio2uring.traffic;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.AsynchronousServerSocketChannel;
import java.nio.channels.AsynchronousSocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Future;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** 200 MiB of random data each way at the same time, past readers who now and then stop until the writer is stuck. */
@TimeLimit(seconds = 120)
class BulkTransferTest {
    private static final long TOTAL_BYTES_EACH_WAY = 200L << 20;

    @ParameterizedTest
    @CsvSource({
        "FIXED_1, HEAP", "FIXED_2, DIRECT", "CACHED, READ_HEAP_WRITE_DIRECT", "USER_POOL_4, READ_DIRECT_WRITE_HEAP"
    })
    void allOfItArrivesInOneConnection(GroupKind kind, BufferMix mix) throws IOException {
        transferBothWays(kind, mix, 1);
    }

    @ParameterizedTest
    @CsvSource({"FIXED_1, DIRECT", "FIXED_2, HEAP", "DEFAULT, HEAP", "VIRTUAL_THREADS, DIRECT"})
    void allOfItArrivesInFiftyConnectionsAtOnce(GroupKind kind, BufferMix mix) throws IOException {
        transferBothWays(kind, mix, 50);
    }

    private static void transferBothWays(GroupKind kind, BufferMix mix, int connectionCount) throws IOException {
        long bytesEachWay = TOTAL_BYTES_EACH_WAY / connectionCount;
        List<AsynchronousSocketChannel> channels = new ArrayList<>();
        List<Flow> flows = new ArrayList<>();
        try (TestGroup group = new TestGroup(kind);
                AsynchronousServerSocketChannel listener = group.listen()) {
            // Smaller than the default, so that a stopped reader stops the writer soon.
            listener.setOption(StandardSocketOptions.SO_RCVBUF, 128 * 1024);
            for (int i = 0; i < connectionCount; i++) {
                Future<AsynchronousSocketChannel> accepted = listener.accept();
                AsynchronousSocketChannel client = group.connect((InetSocketAddress) listener.getLocalAddress());
                AsynchronousSocketChannel server = Waiting.forResult(accepted);
                channels.add(client);
                channels.add(server);
                flows.add(new Flow(new Payload(2 * i), bytesEachWay, client, server, mix));
                flows.add(new Flow(new Payload(2 * i + 1), bytesEachWay, server, client, mix));
            }
            flows.forEach(Flow::start);
            for (Flow flow : flows) {
                Transfer.get(flow.received());
                assertEquals(flow.sentChecksum(), flow.receivedChecksum(), "CRC-32C of what was sent and received");
            }
            for (AsynchronousSocketChannel channel : channels) {
                channel.close();
            }
        }
    }
}
