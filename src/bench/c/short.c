#include "load.h"
#include "measure.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

enum { MAX_EVENTS = 256, SOURCES = 4096, FIRST_SOURCE = 0x100, SILENCE_MILLIS = 10000 };

typedef struct {
    int socket;
    size_t received_bytes;
    uint64_t started_nanos;
} Connection;

/* The end that closes first keeps its address and port for a minute: with few addresses the ports would run out. */
static unsigned next_source(void) {
    static unsigned sources;
    return FIRST_SOURCE + sources++ % SOURCES;
}

static void start(Connection *connection, int poller, const LoadOptions *options, const char *pattern) {
    connection->started_nanos = now_nanos();
    connection->received_bytes = 0;
    connection->socket = connect_to_server(options, next_source());
    if (send(connection->socket, pattern, options->message_bytes, MSG_NOSIGNAL) != (ssize_t)options->message_bytes) {
        fail("send");
    }
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = connection};
    if (epoll_ctl(poller, EPOLL_CTL_ADD, connection->socket, &event)) {
        fail("epoll_ctl");
    }
}

/* Takes what has come; true if that completes the echo. */
static bool take(Connection *connection, const LoadOptions *options, const char *pattern, char *buffer) {
    ssize_t received = recv(connection->socket, buffer, options->message_bytes - connection->received_bytes, 0);
    if (received <= 0) {
        errno = received ? errno : 0;
        fail("the server ended a connection");
    }
    if (memcmp(buffer, pattern + connection->received_bytes, (size_t)received)) {
        errno = 0;
        fail("the server returned other bytes than were sent");
    }
    connection->received_bytes += (size_t)received;
    return connection->received_bytes == options->message_bytes;
}

/* Connects again and again for so long, and leaves with all connections closed. */
static void run(Window *window, const LoadOptions *options, Connection *connections, const char *pattern, char *buffer,
                int poller, double seconds) {
    uint64_t stop = nanos_after(seconds);
    unsigned open = options->connections;
    for (unsigned i = 0; i < options->connections; i++) {
        start(&connections[i], poller, options, pattern);
    }
    while (open > 0) {
        struct epoll_event events[MAX_EVENTS];
        int count = epoll_wait(poller, events, MAX_EVENTS, SILENCE_MILLIS);
        if (count == 0) {
            errno = 0;
            fail("the server left messages unanswered");
        }
        for (int i = 0; i < count; i++) {
            Connection *connection = events[i].data.ptr;
            if (!take(connection, options, pattern, buffer)) {
                continue;
            }
            close(connection->socket);
            uint64_t now = now_nanos();
            if (now >= stop && window->is_open) {
                window_close(window);
            }
            window_count(window, 1, now - connection->started_nanos);
            if (now < stop) {
                start(connection, poller, options, pattern);
            } else {
                open--;
            }
        }
    }
}

void short_connections(const LoadOptions *options) {
    static Window window;
    const char *pattern = message_pattern(options->message_bytes);
    char *buffer = malloc(options->message_bytes);
    Connection *connections = calloc(options->connections, sizeof *connections);
    int poller = epoll_create1(EPOLL_CLOEXEC);
    if (!buffer || !connections || poller < 0) {
        fail("setting up");
    }
    window_init(&window, options->server);
    run(&window, options, connections, pattern, buffer, poller, options->ramp_seconds);
    window_open(&window);
    run(&window, options, connections, pattern, buffer, poller, options->measured_seconds);
    window_report(&window);
}
