#include "load.h"
#include "measure.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

enum { MAX_EVENTS = 256, SOURCES = 4096, FIRST_SOURCE = 0x100 };

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

static void begin(Connection *connection, int poller, const LoadOptions *options, const char *pattern) {
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

void short_connections(const LoadOptions *options) {
    static Window window;
    const char *pattern = message_pattern(options->message_bytes);
    char *buffer = malloc(options->message_bytes);
    Connection *connections = calloc(options->connections, sizeof *connections);
    int poller = epoll_create1(EPOLL_CLOEXEC);
    if (!buffer || !connections || poller < 0) {
        fail("setting up");
    }
    window_init(&window, options->server, options->ramp_seconds, options->measured_seconds);
    for (unsigned i = 0; i < options->connections; i++) {
        begin(&connections[i], poller, options, pattern);
    }
    struct epoll_event events[MAX_EVENTS];
    while (!window_turn(&window, now_nanos())) {
        int count = epoll_wait(poller, events, MAX_EVENTS, 100);
        for (int i = 0; i < count; i++) {
            Connection *connection = events[i].data.ptr;
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
            if (connection->received_bytes == options->message_bytes) {
                close(connection->socket);
                window_count(&window, 1, now_nanos() - connection->started_nanos);
                begin(connection, poller, options, pattern);
            }
        }
    }
    window_close(&window);
    window_print(&window);
}
