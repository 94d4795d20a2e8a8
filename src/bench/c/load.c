/* Puts a load on a server. See usage below, and load.h for what each load is. */
#include "load.h"
#include "measure.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

static const struct {
    const char *name;
    void (*run)(const LoadOptions *options);
} loads[] = {
    {"closed", closed_loop}, {"open", open_loop}, {"short", short_connections}, {"fan-out", fan_out}, {"hold", hold},
};

char *message_pattern(size_t bytes) {
    char *pattern = malloc(bytes);
    if (!pattern) {
        fail("memory for a message");
    }
    for (size_t i = 0; i < bytes; i++) {
        /* Without a period that divides a usual buffer size, so that bytes in the wrong place are noticed. */
        pattern[i] = (char)(i * 31 + i / 251);
    }
    return pattern;
}

int connect_to_server(const LoadOptions *options, unsigned source) {
    int one = 1, connected = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (connected < 0) {
        fail("socket");
    }
    if (setsockopt(connected, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one)) {
        fail("TCP_NODELAY");
    }
    struct sockaddr_in address = {.sin_family = AF_INET};
    if (source) {
        address.sin_addr.s_addr = htonl(0x7f000000u | source);
        /* The port is chosen by connect, which can share it between peers. */
        if (setsockopt(connected, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &one, sizeof one)
            || bind(connected, (struct sockaddr *)&address, sizeof address)) {
            fail("bind to an address of 127/8");
        }
    }
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    address.sin_port = htons((uint16_t)options->port);
    while (connect(connected, (struct sockaddr *)&address, sizeof address)) {
        if (errno != EINTR) {
            fail("connect");
        }
    }
    return connected;
}

void set_nonblocking(int socket) {
    if (fcntl(socket, F_SETFL, O_NONBLOCK)) {
        fail("O_NONBLOCK");
    }
}

static void allow_many_files(void) {
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit)) {
        fail("getrlimit");
    }
    limit.rlim_cur = limit.rlim_max;
    if (setrlimit(RLIMIT_NOFILE, &limit)) {
        fail("setrlimit");
    }
}

/* A number between the bounds, or a message that says what it should have been. */
static double number(const char *what, const char *text, double least, double most) {
    char *end;
    double value = strtod(text, &end);
    if (*text == 0 || *end != 0 || !(value >= least && value <= most)) {
        fprintf(stderr, "load: %s must be a number from %g to %g, not \"%s\"\n", what, least, most, text);
        exit(2);
    }
    return value;
}

int main(int count, char **words) {
    if (count != 11) {
        fprintf(stderr, "usage: load closed|open|short|fan-out|hold PORT SERVER_PID CONNECTIONS MESSAGE_BYTES PIPELINE"
                        " RAMP_SECONDS MEASURED_SECONDS RATE SILENT\n");
        return 2;
    }
    LoadOptions options = {
        .port = (int)number("port", words[2], 1, 65535),
        .server = (pid_t)number("process id", words[3], 1, 1 << 22),
        .connections = (unsigned)number("connections", words[4], 1, 100000),
        .message_bytes = (size_t)number("message bytes", words[5], 1, 1 << 24),
        .pipeline = (unsigned)number("pipeline", words[6], 1, 1024),
        .ramp_seconds = number("ramp seconds", words[7], 0, 3600),
        .measured_seconds = number("measured seconds", words[8], 0.001, 3600),
        .rate = number("rate", words[9], 0, 1e9),
        .silent = (unsigned)number("silent connections", words[10], 0, 100000),
    };
    signal(SIGPIPE, SIG_IGN);
    allow_many_files();
    for (size_t i = 0; i < sizeof loads / sizeof *loads; i++) {
        if (!strcmp(words[1], loads[i].name)) {
            loads[i].run(&options);
            return 0;
        }
    }
    fprintf(stderr, "load: there is no load \"%s\"\n", words[1]);
    return 2;
}
