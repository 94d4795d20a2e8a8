#include "load.h"
#include "measure.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>

enum { MAX_EVENTS = 512 };
/* A server that is silent for that long has lost a message. */
static const uint64_t SILENCE_NANOS = 10000000000u;

typedef struct {
    int socket;
    bool awaits_room;       /* a send found the socket's buffer full */
    size_t sent_bytes;      /* of the batch in flight */
    size_t received_bytes;
    uint64_t started_nanos;
} Connection;

static int poller;
static size_t batch_bytes;
static unsigned batches_in_flight;
static const char *pattern;

static void watch(Connection *connection, bool is_new) {
    struct epoll_event event = {.events = EPOLLIN | (connection->awaits_room ? EPOLLOUT : 0), .data.ptr = connection};
    if (epoll_ctl(poller, is_new ? EPOLL_CTL_ADD : EPOLL_CTL_MOD, connection->socket, &event)) {
        fail("epoll_ctl");
    }
}

/* Sends what the socket takes of the rest of the batch. */
static void push(Connection *connection) {
    bool is_full = false;
    while (connection->sent_bytes < batch_bytes && !is_full) {
        ssize_t sent = send(connection->socket, pattern + connection->sent_bytes, batch_bytes - connection->sent_bytes,
                            MSG_NOSIGNAL | MSG_DONTWAIT);
        if (sent >= 0) {
            connection->sent_bytes += (size_t)sent;
        } else if (errno == EAGAIN) {
            is_full = true;
        } else {
            fail("send");
        }
    }
    if (is_full != connection->awaits_room) {
        connection->awaits_room = is_full;
        watch(connection, false);
    }
}

static void start_batch(Connection *connection) {
    connection->sent_bytes = connection->received_bytes = 0;
    connection->started_nanos = now_nanos();
    batches_in_flight++;
    push(connection);
}

/* True if the batch is complete. */
static bool pull(Connection *connection, char *buffer) {
    ssize_t received = recv(connection->socket, buffer, batch_bytes - connection->received_bytes, MSG_DONTWAIT);
    if (received < 0 && errno == EAGAIN) {
        return false;
    }
    if (received <= 0) {
        errno = received ? errno : 0;
        fail("the server ended a connection");
    }
    if (memcmp(buffer, pattern + connection->received_bytes, (size_t)received)) {
        errno = 0;
        fail("the server returned other bytes than were sent");
    }
    connection->received_bytes += (size_t)received;
    return connection->received_bytes == batch_bytes;
}

/* Serves what the poller reports; a batch that is complete is followed by the next until it is time to stop. */
static void turn(Window *window, const LoadOptions *options, char *buffer, uint64_t stop_nanos) {
    struct epoll_event events[MAX_EVENTS];
    int count = epoll_wait(poller, events, MAX_EVENTS, 100);
    for (int i = 0; i < count; i++) {
        Connection *connection = events[i].data.ptr;
        if ((events[i].events & ~(uint32_t)EPOLLOUT) && pull(connection, buffer)) {
            uint64_t now = now_nanos();
            window_count(window, options->pipeline, now - connection->started_nanos);
            batches_in_flight--;
            if (now < stop_nanos) {
                start_batch(connection);
            }
        } else if (connection->awaits_room) {
            push(connection);
        }
    }
}

/* Keeps all connections busy for so long, and leaves with nothing in flight. */
static void run(Window *window, const LoadOptions *options, Connection *connections, char *buffer, double seconds) {
    uint64_t stop = nanos_after(seconds), give_up = stop + SILENCE_NANOS;
    for (unsigned i = 0; i < options->connections; i++) {
        start_batch(&connections[i]);
    }
    while (now_nanos() < stop) {
        turn(window, options, buffer, stop);
    }
    if (window->is_open) {
        window_close(window);
    }
    while (batches_in_flight > 0) {
        turn(window, options, buffer, stop);
        if (now_nanos() > give_up) {
            errno = 0;
            fail("the server left messages unanswered");
        }
    }
}

void closed_loop(const LoadOptions *options) {
    static Window window;
    batch_bytes = options->message_bytes * options->pipeline;
    pattern = message_pattern(batch_bytes);
    char *buffer = malloc(batch_bytes);
    Connection *connections = calloc(options->connections, sizeof *connections);
    poller = epoll_create1(EPOLL_CLOEXEC);
    if (!buffer || !connections || poller < 0) {
        fail("setting up");
    }
    for (unsigned i = 0; i < options->silent; i++) {
        connect_to_server(options, 0);
    }
    for (unsigned i = 0; i < options->connections; i++) {
        connections[i].socket = connect_to_server(options, 0);
        set_nonblocking(connections[i].socket);
        watch(&connections[i], true);
    }
    window_init(&window, options->server);
    run(&window, options, connections, buffer, options->ramp_seconds);
    window_open(&window);
    run(&window, options, connections, buffer, options->measured_seconds);
    window_report(&window);
}
