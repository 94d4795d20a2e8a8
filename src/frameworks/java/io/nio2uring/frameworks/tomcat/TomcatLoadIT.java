package io.nio2uring.frameworks.tomcat;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;

import io.nio2uring.frameworks.Form;
import io.nio2uring.frameworks.Served;
import io.nio2uring.frameworks.Wrk;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Tomcat under as much load as comes from a program that is not in Java. */
@Timeout(300)
class TomcatLoadIT {
    private static final int CONNECTIONS = 200;

    @TempDir
    private Path directory;

    @Test
    void answersWrkWithoutAnError() throws Exception {
        Served served = new Served();
        try (TomcatServer server = new TomcatServer(directory, null)) {
            long answers = new Wrk(CONNECTIONS, Form.choose(2, 60)).compare(server.http("/small"), SmallServlet.BODY);
            assertTrue(answers >= CONNECTIONS, () -> "answers: " + answers);
            served.assertSince(answers);
        }
    }
}
