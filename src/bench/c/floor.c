/* An echo server on io_uring in C, with nothing between it and the kernel: the floor that servers are compared with.
   One ring, one thread; every connection has a buffer of its own, receives into it, sends it back, and receives again.
   usage: floor PORT BUFFER_BYTES   (port 0: any) */
#include <arpa/inet.h>
#include <errno.h>
#include <liburing.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

enum { SUBMISSION_ENTRIES = 4096, COMPLETION_ENTRIES = 16384, BACKLOG = 4096, MAX_FILES = 1 << 16 };
enum Action { ACCEPT, RECEIVE, SEND };

static struct io_uring ring;
static char *buffers[MAX_FILES]; /* by file descriptor; kept when that is closed, for the next with its number */
static size_t buffer_bytes;

static _Noreturn void fail(const char *what, int error) {
    fprintf(stderr, "floor: %s: %s\n", what, strerror(error));
    exit(1);
}

static struct io_uring_sqe *next_entry(enum Action action, int file) {
    struct io_uring_sqe *entry = io_uring_get_sqe(&ring);
    if (!entry) {
        int result = io_uring_submit(&ring);
        entry = io_uring_get_sqe(&ring);
        if (!entry) {
            fail("the submission queue stays full", -result);
        }
    }
    /* The preparing functions leave this field alone. */
    io_uring_sqe_set_data64(entry, (uint64_t)action << 32 | (uint32_t)file);
    return entry;
}

static void receive(int file) {
    io_uring_prep_recv(next_entry(RECEIVE, file), file, buffers[file], buffer_bytes, 0);
}

static void accepted(int file) {
    int one = 1;
    if (file < 0 || file >= MAX_FILES) {
        fail("accept", file < 0 ? -file : EMFILE);
    }
    setsockopt(file, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    if (!buffers[file] && !(buffers[file] = malloc(buffer_bytes))) {
        fail("memory for a connection", errno);
    }
    receive(file);
}

static void completed(const struct io_uring_cqe *completion) {
    int file = (int)(uint32_t)completion->user_data;
    switch ((enum Action)(completion->user_data >> 32)) {
    case ACCEPT:
        accepted(completion->res);
        break;
    case RECEIVE:
        if (completion->res <= 0) {
            close(file);
        } else {
            io_uring_prep_send(next_entry(SEND, file), file, buffers[file], (size_t)completion->res,
                               MSG_NOSIGNAL | MSG_WAITALL);
        }
        break;
    case SEND:
        if (completion->res < 0) {
            close(file);
        } else {
            receive(file);
        }
        break;
    }
}

static int listen_on(int port) {
    int one = 1, listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port),
                                  .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t length = sizeof address;
    if (listener < 0 || setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one)
        || bind(listener, (struct sockaddr *)&address, length) || listen(listener, BACKLOG)
        || getsockname(listener, (struct sockaddr *)&address, &length)) {
        fail("listen", errno);
    }
    printf("listening on 127.0.0.1:%d\n", ntohs(address.sin_port));
    fflush(stdout);
    return listener;
}

int main(int count, char **words) {
    if (count != 3 || atoi(words[2]) <= 0) {
        fprintf(stderr, "usage: floor PORT BUFFER_BYTES\n");
        return 2;
    }
    buffer_bytes = (size_t)atoi(words[2]);
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) == 0) {
        limit.rlim_cur = limit.rlim_max;
        setrlimit(RLIMIT_NOFILE, &limit);
    }
    struct io_uring_params parameters = {
        .flags = IORING_SETUP_CQSIZE | IORING_SETUP_SINGLE_ISSUER | IORING_SETUP_DEFER_TASKRUN,
        .cq_entries = COMPLETION_ENTRIES,
    };
    int result = io_uring_queue_init_params(SUBMISSION_ENTRIES, &ring, &parameters);
    if (result < 0) {
        fail("io_uring_setup", -result);
    }
    io_uring_register_ring_fd(&ring);
    int listener = listen_on(atoi(words[1]));
    io_uring_prep_multishot_accept(next_entry(ACCEPT, listener), listener, NULL, NULL, 0);
    for (;;) {
        result = io_uring_submit_and_wait(&ring, 1);
        if (result < 0 && result != -EINTR) {
            fail("io_uring_enter", -result);
        }
        struct io_uring_cqe *completion;
        unsigned head, taken = 0;
        io_uring_for_each_cqe(&ring, head, completion) {
            completed(completion);
            taken++;
        }
        io_uring_cq_advance(&ring, taken);
    }
}
