#include "load.h"
#include "measure.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>

enum { MAX_EVENTS = 512, SILENCE_MILLIS = 10000 };

typedef struct {
    int socket;
    size_t received_bytes;
} Subscriber;

/* True if the subscriber has the whole message. */
static bool take(Subscriber *subscriber, const char *pattern, size_t bytes, char *buffer) {
    ssize_t received = recv(subscriber->socket, buffer, bytes - subscriber->received_bytes, 0);
    if (received <= 0) {
        errno = received ? errno : 0;
        fail("the server ended a connection");
    }
    if (memcmp(buffer, pattern + subscriber->received_bytes, (size_t)received)) {
        errno = 0;
        fail("the server passed on other bytes than were sent");
    }
    subscriber->received_bytes += (size_t)received;
    if (subscriber->received_bytes < bytes) {
        return false;
    }
    subscriber->received_bytes = 0;
    return true;
}

/* Publishes for so long, and leaves when all have the last message. */
static void run(Window *window, const LoadOptions *options, int publisher, int poller, const char *pattern, char *buffer,
                double seconds) {
    uint64_t stop = nanos_after(seconds);
    for (uint64_t started = now_nanos(); started < stop; started = now_nanos()) {
        if (send(publisher, pattern, options->message_bytes, MSG_NOSIGNAL) != (ssize_t)options->message_bytes) {
            fail("send");
        }
        for (unsigned missing = options->connections; missing > 0;) {
            struct epoll_event events[MAX_EVENTS];
            int count = epoll_wait(poller, events, MAX_EVENTS, SILENCE_MILLIS);
            if (count == 0) {
                errno = 0;
                fail("a message did not reach all connections");
            }
            for (int i = 0; i < count; i++) {
                missing -= take(events[i].data.ptr, pattern, options->message_bytes, buffer);
            }
        }
        window_count(window, options->connections, now_nanos() - started);
    }
    if (window->is_open) {
        window_close(window);
    }
}

void fan_out(const LoadOptions *options) {
    static Window window;
    const char *pattern = message_pattern(options->message_bytes);
    char *buffer = malloc(options->message_bytes);
    Subscriber *subscribers = calloc(options->connections, sizeof *subscribers);
    int poller = epoll_create1(EPOLL_CLOEXEC);
    if (!buffer || !subscribers || poller < 0) {
        fail("setting up");
    }
    int publisher = connect_to_server(options, 0);
    for (unsigned i = 0; i < options->connections; i++) {
        subscribers[i].socket = connect_to_server(options, 0);
        struct epoll_event event = {.events = EPOLLIN, .data.ptr = &subscribers[i]};
        if (epoll_ctl(poller, EPOLL_CTL_ADD, subscribers[i].socket, &event)) {
            fail("epoll_ctl");
        }
    }
    /* The server greets the publisher with one byte when it has taken all connections: until then a message would miss
       some of them. */
    if (recv(publisher, buffer, 1, 0) != 1) {
        fail("the server's greeting");
    }
    window_init(&window, options->server);
    run(&window, options, publisher, poller, pattern, buffer, options->ramp_seconds);
    window_open(&window);
    run(&window, options, publisher, poller, pattern, buffer, options->measured_seconds);
    window_report(&window);
}
