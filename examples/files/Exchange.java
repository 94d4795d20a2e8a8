package files;

import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousFileChannel;
import java.nio.channels.AsynchronousSocketChannel;
import java.nio.channels.CompletionHandler;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.TimeUnit;

import support.Listener;

/**
 * One connection: reads a request, writes the answer's head, then the file, a buffer at a time. At most one operation is
 * pending, so no lock is needed. A peer that is too slow for a whole time limit is dropped.
 */
final class Exchange {
    private static final int MAX_REQUEST_BYTES = 8 * 1024;
    private static final int CHUNK_BYTES = 64 * 1024;
    private static final long LIMIT_SECONDS = 10;

    private final Path root;
    private final AsynchronousSocketChannel channel;
    private final ByteBuffer request = ByteBuffer.allocate(MAX_REQUEST_BYTES);
    private ByteBuffer chunk;
    /** The file that is being sent; null when there is none. */
    private AsynchronousFileChannel file;
    private long position;
    private long left;

    Exchange(Path root, AsynchronousSocketChannel channel) {
        this.root = root;
        this.channel = channel;
    }

    void start() {
        channel.read(request, LIMIT_SECONDS, TimeUnit.SECONDS, null, new RequestReader());
    }

    private void end() {
        if (file != null) {
            try {
                file.close();
            } catch (IOException e) {
                // It was only read.
            }
        }
        Listener.close(channel);
    }

    private boolean requestIsWhole() {
        String text = new String(request.array(), 0, request.position(), StandardCharsets.ISO_8859_1);
        return text.contains("\r\n\r\n") || text.contains("\n\n");
    }

    private void answer() {
        String first = new String(request.array(), 0, request.position(), StandardCharsets.ISO_8859_1).lines()
                .findFirst().orElse("");
        String[] words = first.split(" ");
        if (words.length != 3 || !words[2].startsWith("HTTP/1.")) {
            refuse("400 Bad Request");
        } else if (!words[0].equals("GET") && !words[0].equals("HEAD")) {
            refuse("405 Method Not Allowed");
        } else {
            answer(words[1], words[0].equals("GET"));
        }
    }

    private void answer(String target, boolean withContent) {
        try {
            Path path = find(target);
            if (path == null) {
                refuse("404 Not Found");
                return;
            }
            file = AsynchronousFileChannel.open(path, StandardOpenOption.READ);
            long size = file.size();
            left = withContent ? size : 0;
            chunk = ByteBuffer.allocateDirect(CHUNK_BYTES);
            writeHead("200 OK", size);
        } catch (IOException e) {
            refuse("404 Not Found");
        }
    }

    /** The file that a request asks for; null when it is outside of the directory, or no file. */
    private Path find(String target) throws IOException {
        String decoded;
        try {
            decoded = new URI(target).getPath();
        } catch (URISyntaxException e) {
            return null;
        }
        if (decoded == null || !decoded.startsWith("/")) {
            return null;
        }
        try {
            // Real paths: neither dots nor links lead out of the directory.
            Path path = root.resolve(decoded.substring(1)).toRealPath();
            return path.startsWith(root) && Files.isRegularFile(path) ? path : null;
        } catch (InvalidPathException e) {
            return null;
        }
    }

    private void refuse(String status) {
        left = 0;
        writeHead(status, 0);
    }

    private void writeHead(String status, long lengthBytes) {
        String head = "HTTP/1.0 " + status + "\r\nContent-Length: " + lengthBytes + "\r\nConnection: close\r\n\r\n";
        write(ByteBuffer.wrap(head.getBytes(StandardCharsets.ISO_8859_1)));
    }

    private void write(ByteBuffer buffer) {
        channel.write(buffer, LIMIT_SECONDS, TimeUnit.SECONDS, buffer, new ContentWriter());
    }

    private final class RequestReader implements CompletionHandler<Integer, Void> {
        @Override
        public void completed(Integer bytesRead, Void unused) {
            if (bytesRead < 0) {
                end();
            } else if (requestIsWhole()) {
                answer();
            } else if (!request.hasRemaining()) {
                refuse("431 Request Header Fields Too Large");
            } else {
                channel.read(request, LIMIT_SECONDS, TimeUnit.SECONDS, null, this);
            }
        }

        @Override
        public void failed(Throwable reason, Void unused) {
            end();
        }
    }

    private final class ContentWriter implements CompletionHandler<Integer, ByteBuffer> {
        @Override
        public void completed(Integer bytesWritten, ByteBuffer buffer) {
            if (buffer.hasRemaining()) {
                write(buffer);
            } else if (left > 0) {
                chunk.clear().limit((int) Math.min(CHUNK_BYTES, left));
                file.read(chunk, position, null, new FileReader());
            } else {
                end();
            }
        }

        @Override
        public void failed(Throwable reason, ByteBuffer buffer) {
            end();
        }
    }

    private final class FileReader implements CompletionHandler<Integer, Void> {
        @Override
        public void completed(Integer bytesRead, Void unused) {
            if (bytesRead < 0) {
                end(); // The file has become shorter; the length that was announced tells the peer.
                return;
            }
            position += bytesRead;
            left -= bytesRead;
            write(chunk.flip());
        }

        @Override
        public void failed(Throwable reason, Void unused) {
            end();
        }
    }
}
