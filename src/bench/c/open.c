#include "load.h"
#include "measure.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>

enum { MAX_EVENTS = 256, MAX_UNANSWERED = 8192 };
/* A server that is silent for that long has lost a message. */
static const uint64_t SILENCE_NANOS = 10000000000u;

/* Messages on a connection are answered in the order in which they went out. */
typedef struct {
    int socket;
    size_t received_bytes;                /* of the oldest unanswered message */
    unsigned oldest, unanswered;
    uint64_t due_nanos[MAX_UNANSWERED];   /* of the unanswered messages, from index oldest on, round and round */
} Connection;

static uint64_t random_state = 0x9e3779b97f4a7c15u; /* a fixed seed: every run draws the same times */

static uint64_t next_random(void) {
    random_state ^= random_state << 13;
    random_state ^= random_state >> 7;
    random_state ^= random_state << 17;
    return random_state;
}

/* The time between two events of a Poisson process. */
static double next_gap_nanos(double rate) {
    double uniform = (double)((next_random() >> 11) + 1) / 9007199254740993.0;
    return -log(uniform) * 1e9 / rate;
}

static void send_message(Connection *connection, const char *pattern, size_t bytes, uint64_t due) {
    errno = 0;
    if (connection->unanswered == MAX_UNANSWERED
        || send(connection->socket, pattern, bytes, MSG_NOSIGNAL | MSG_DONTWAIT) != (ssize_t)bytes) {
        fail("the server cannot keep up with this rate");
    }
    connection->due_nanos[(connection->oldest + connection->unanswered++) % MAX_UNANSWERED] = due;
}

static void receive(Window *window, Connection *connection, const char *pattern, size_t bytes, char *buffer,
                    size_t buffer_bytes) {
    ssize_t received = recv(connection->socket, buffer, buffer_bytes, MSG_DONTWAIT);
    if (received < 0 && errno == EAGAIN) {
        return;
    }
    if (received <= 0) {
        errno = received ? errno : 0;
        fail("the server ended a connection");
    }
    uint64_t now = now_nanos();
    for (size_t at = 0; at < (size_t)received;) {
        size_t part = bytes - connection->received_bytes;
        part = part < (size_t)received - at ? part : (size_t)received - at;
        if (!connection->unanswered || memcmp(buffer + at, pattern + connection->received_bytes, part)) {
            errno = 0;
            fail("the server returned other bytes than were sent");
        }
        at += part;
        connection->received_bytes += part;
        if (connection->received_bytes == bytes) {
            connection->received_bytes = 0;
            uint64_t due = connection->due_nanos[connection->oldest++ % MAX_UNANSWERED];
            connection->unanswered--;
            /* Also what comes after the window has closed: its messages were all due within, and what a slow spell
               delays is counted however late it comes. */
            window->total++;
            window->counted++;
            histogram_add(&window->histogram, now - due);
        }
    }
}

static void turn(Window *window, const LoadOptions *options, int poller, const char *pattern) {
    static char buffer[65536];
    /* Never asleep: waking up late would be taken for the server's slowness. */
    struct epoll_event events[MAX_EVENTS];
    int count = epoll_wait(poller, events, MAX_EVENTS, 0);
    for (int i = 0; i < count; i++) {
        receive(window, events[i].data.ptr, pattern, options->message_bytes, buffer, sizeof buffer);
    }
}

/* Sends for so long, and leaves with nothing in flight. */
static void run(Window *window, const LoadOptions *options, Connection *connections, int poller, const char *pattern,
                double seconds) {
    memset(&window->histogram, 0, sizeof window->histogram);
    double due = (double)now_nanos();
    uint64_t stop = nanos_after(seconds), give_up = stop + SILENCE_NANOS;
    for (uint64_t now = now_nanos(); now < stop; now = now_nanos()) {
        while (due <= (double)now) {
            send_message(&connections[next_random() % options->connections], pattern, options->message_bytes,
                         (uint64_t)due);
            due += next_gap_nanos(options->rate);
        }
        turn(window, options, poller, pattern);
    }
    if (window->is_open) {
        window_close(window);
    }
    for (unsigned i = 0; i < options->connections; i++) {
        while (connections[i].unanswered) {
            turn(window, options, poller, pattern);
            if (now_nanos() > give_up) {
                errno = 0;
                fail("the server left messages unanswered");
            }
        }
    }
}

void open_loop(const LoadOptions *options) {
    static Window window;
    if (options->rate <= 0) {
        errno = 0;
        fail("an open loop needs a rate above 0");
    }
    const char *pattern = message_pattern(options->message_bytes);
    Connection *connections = calloc(options->connections, sizeof *connections);
    int poller = epoll_create1(EPOLL_CLOEXEC);
    if (!connections || poller < 0) {
        fail("setting up");
    }
    for (unsigned i = 0; i < options->connections; i++) {
        connections[i].socket = connect_to_server(options, 0);
        struct epoll_event event = {.events = EPOLLIN, .data.ptr = &connections[i]};
        if (epoll_ctl(poller, EPOLL_CTL_ADD, connections[i].socket, &event)) {
            fail("epoll_ctl");
        }
    }
    window_init(&window, options->server);
    run(&window, options, connections, poller, pattern, options->ramp_seconds);
    window_open(&window);
    run(&window, options, connections, poller, pattern, options->measured_seconds);
    window_report(&window);
}
