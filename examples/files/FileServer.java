package files;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

import support.Listener;

/**
 * A server of static files on {@code java.nio.channels}: HTTP/1.0, GET and HEAD, one request a connection, nothing
 * outside its directory.
 *
 * <p>Usage: {@code java files.FileServer PORT DIRECTORY}. Try it with {@code curl http://127.0.0.1:PORT/FILE}.
 */
public final class FileServer {
    private FileServer() {}

    /** Runs the server until it is killed. */
    public static void main(String[] args) throws InterruptedException {
        if (args.length != 2) {
            throw Listener.exit("usage: FileServer PORT DIRECTORY");
        }
        int port = Listener.port(args[0]);
        Path root;
        try {
            root = Path.of(args[1]).toRealPath();
        } catch (IOException e) {
            throw Listener.exit("cannot read the directory " + args[1] + ": " + e);
        }
        if (!Files.isDirectory(root)) {
            throw Listener.exit(args[1] + " is not a directory");
        }
        Listener.run(port, connection -> new Exchange(root, connection).start());
    }
}
