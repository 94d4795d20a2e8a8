package io.nio2uring.frameworks;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Requests over HTTP by {@code wrk}, which is in C and uses epoll. Every one must be answered well. */
public final class Wrk {
    private static final Pattern REQUESTS = Pattern.compile("(\\d+) requests in");
    private static final Pattern RATE = Pattern.compile("Requests/sec:\\s+([0-9.]+)");
    private static final Pattern WRONG = Pattern.compile("wrong bodies: (\\d+)");
    /** Globals are of a thread of wrk's; the last function sees those of all. */
    private static final String COMPARE = """
            local threads = {}
            local expected = "%s"
            wrong = 0
            function setup(thread) table.insert(threads, thread) end
            function response(status, headers, body) if body ~= expected then wrong = wrong + 1 end end
            function done()
              local sum = 0
              for _, thread in ipairs(threads) do sum = sum + thread:get("wrong") end
              io.write("wrong bodies: " .. sum .. "\\n")
            end
            """;

    private final int connections;
    private final int seconds;

    /** So many requests under way at once, for so long. */
    public Wrk(int connections, int seconds) {
        this.connections = connections;
        this.seconds = seconds;
    }

    /** Fails unless each answer has exactly this body, and returns their number. */
    public long compare(URI uri, String body) throws IOException, InterruptedException {
        Path script = Files.createTempFile("wrk", ".lua");
        try {
            Files.writeString(script, String.format(COMPARE, body.replace("\n", "\\n")));
            String report = run(uri, "-s", script.toString());
            if (Long.parseLong(find(WRONG, report)) != 0) {
                throw new AssertionError(report);
            }
            return Long.parseLong(find(REQUESTS, report));
        } finally {
            Files.delete(script);
        }
    }

    /** How many are answered in a second; looks at their status only, which leaves the processor to the server. */
    public double perSecond(URI uri) throws IOException, InterruptedException {
        return Double.parseDouble(find(RATE, run(uri)));
    }

    private String run(URI uri, String... more) throws IOException, InterruptedException {
        List<String> arguments = new ArrayList<>(
                List.of("-t2", "-c" + connections, "-d" + seconds + "s", "--timeout", "10s"));
        arguments.addAll(List.of(more));
        arguments.add(uri.toString());
        String report = Tool.ofSystem("wrk", "wrk").run(arguments);
        if (report.contains("Socket errors") || report.contains("Non-2xx")) {
            throw new AssertionError(report);
        }
        return report;
    }

    private static String find(Pattern pattern, String report) {
        Matcher matcher = pattern.matcher(report);
        if (!matcher.find()) {
            throw new AssertionError(pattern + " is not in: " + report);
        }
        return matcher.group(1);
    }
}
