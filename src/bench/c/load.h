/* The loads that a server is put under. Each runs in one thread, on the IPv4 loopback address, checks every byte that
   comes back, and ends the process when something goes wrong. */
#ifndef LOAD_H
#define LOAD_H

#include <stddef.h>
#include <sys/types.h>

typedef struct {
    int port;
    pid_t server;           /* its CPU time is measured */
    unsigned connections;
    size_t message_bytes;
    unsigned pipeline;      /* messages in flight on each connection */
    double ramp_seconds;    /* before the measured time */
    double measured_seconds;
    double rate;            /* messages per second, of the open loop */
    unsigned silent;        /* further connections of the closed loop, which never say a word */
} LoadOptions;

/* The bytes that are sent, and expected back. */
char *message_pattern(size_t bytes);

/* A blocking socket without Nagle's delay, connected to the server. source: last 16 bits of the own address, 0 for any. */
int connect_to_server(const LoadOptions *options, unsigned source);

void set_nonblocking(int socket);

/* Every connection keeps a batch of messages in flight: the next goes out when the last has come back. */
void closed_loop(const LoadOptions *options);

/* Messages go out at times drawn beforehand (a Poisson process), on connections drawn at random, whether or not earlier
   ones have been answered; a message's time counts from when it was due. */
void open_loop(const LoadOptions *options);

/* Connect, one message and its echo, close; that many at a time. A message counts as one connection. */
void short_connections(const LoadOptions *options);

/* The first connection sends a message, all others receive it; the next goes out when the last has it. Counted is what
   the others received. */
void fan_out(const LoadOptions *options);

/* Connects, says so, and keeps the connections open without a word until standard input ends. */
void hold(const LoadOptions *options);

#endif
