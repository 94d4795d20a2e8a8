package io.nio2uring.ring;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Files;
import java.nio.file.Path;

import io.nio2uring.snippets.RingSnippets;
import io.nio2uring.sys.FileCalls;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The examples in the Javadoc of the ring do what is said of them. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class RingSnippetsTest {
    @Test
    void a_nop_comes_back_with_its_user_data() throws Exception {
        assertEquals(42, RingSnippets.nop());
    }

    @Test
    void what_is_written_is_read(@TempDir Path directory) throws Exception {
        Path file = directory.resolve("file");
        RingSnippets.write(file, "written by a ring\n");
        assertEquals("written by a ring\n", Files.readString(file));
        assertEquals("written by a ring\n", RingSnippets.read(file));
    }

    @Test
    void what_a_connection_sends_is_received_up_to_its_end() throws Exception {
        try (Tcp tcp = Tcp.listening()) {
            int client = tcp.connect();
            int server = RingSnippets.accept(tcp.listener);
            Tcp.send(client, "sent by a client");
            FileCalls.close(client);
            assertEquals("sent by a client", RingSnippets.receive(server));
            FileCalls.close(server);
        }
    }
}
