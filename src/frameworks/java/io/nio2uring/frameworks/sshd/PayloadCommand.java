package io.nio2uring.frameworks.sshd;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

import io.nio2uring.frameworks.Payload;
import org.apache.sshd.server.Environment;
import org.apache.sshd.server.ExitCallback;
import org.apache.sshd.server.channel.ChannelSession;
import org.apache.sshd.server.command.Command;

/**
 * What the server executes: {@code send SEED LENGTH} prints a payload, {@code take SEED LENGTH} reads and checks one and
 * prints its length, {@code complain STATUS} prints on standard error and ends with that status.
 */
final class PayloadCommand implements Command {
    static final String COMPLAINT = "so that is what came of it";

    private final String[] words;
    private InputStream in;
    private OutputStream out;
    private OutputStream err;
    private ExitCallback exit;
    private Thread thread;

    PayloadCommand(String line) {
        words = line.split(" ");
    }

    @Override
    public void setInputStream(InputStream stream) {
        in = stream;
    }

    @Override
    public void setOutputStream(OutputStream stream) {
        out = stream;
    }

    @Override
    public void setErrorStream(OutputStream stream) {
        err = stream;
    }

    @Override
    public void setExitCallback(ExitCallback callback) {
        exit = callback;
    }

    @Override
    public void start(ChannelSession channel, Environment environment) {
        thread = Thread.ofVirtual().name("payload-command").start(this::runAndExit);
    }

    @Override
    public void destroy(ChannelSession channel) {
        thread.interrupt();
    }

    private void runAndExit() {
        int status = 255;
        String message = "";
        try {
            status = run();
        } catch (IOException | RuntimeException | AssertionError e) {
            message = e.toString();
        } finally {
            exit.onExit(status, message);
        }
    }

    private int run() throws IOException {
        switch (words[0]) {
            case "send" :
                Payload.stream(argument(1), argument(2)).transferTo(out);
                out.flush();
                return 0;
            case "take" :
                Payload.check(in, argument(1), argument(2));
                print(out, words[2]);
                return 0;
            case "complain" :
                print(err, COMPLAINT);
                return (int) argument(1);
            default :
                print(err, "no command " + words[0]);
                return 127;
        }
    }

    private long argument(int index) {
        return Long.parseLong(words[index]);
    }

    private static void print(OutputStream stream, String text) throws IOException {
        stream.write(text.getBytes(StandardCharsets.US_ASCII));
        stream.flush();
    }
}
