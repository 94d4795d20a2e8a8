/* What a load measures: time, a server's CPU time, and how long each message took. */
#ifndef MEASURE_H
#define MEASURE_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

/* Counts durations in buckets that are at most 1/128 of their value wide: each power of two is divided linearly. */
enum { SUB_BUCKET_BITS = 7, HISTOGRAM_BUCKETS = (64 - SUB_BUCKET_BITS + 1) << SUB_BUCKET_BITS };

typedef struct {
    uint64_t counts[HISTOGRAM_BUCKETS];
    uint64_t total;
} Histogram;

void histogram_add(Histogram *histogram, uint64_t nanos);

/* The least duration that the given share of all durations does not exceed, rounded up to its bucket's end. */
uint64_t histogram_quantile(const Histogram *histogram, double share);

/* A stretch of time over which messages are counted and the server's CPU time is taken. */
typedef struct {
    uint64_t opens_at_nanos;
    uint64_t closes_at_nanos;
    pid_t server;
    clockid_t server_clock;
    bool is_open;
    uint64_t opened_nanos, closed_nanos;
    uint64_t cpu_opened_nanos, cpu_closed_nanos;
    uint64_t user_opened_ticks, user_closed_ticks;
    uint64_t system_opened_ticks, system_closed_ticks;
    uint64_t counted;      /* messages within the window */
    uint64_t total;        /* messages since the load began */
    Histogram histogram;   /* of those within the window */
} Window;

uint64_t now_nanos(void);

/* server: the process whose CPU time is taken. */
void window_init(Window *window, pid_t server, double ramp_seconds, double measured_seconds);

/* Opens the window when it is time to; true once it is time to close it. */
bool window_turn(Window *window, uint64_t now);

/* Counts messages that took so long together. */
void window_count(Window *window, uint64_t messages, uint64_t nanos);

/* Ends the window and takes the server's CPU time. */
void window_close(Window *window);

/* One line of key=value on standard output. */
void window_print(const Window *window);

/* Ends the process with status 1 and one line on standard error, with the text of errno if that is not 0. */
_Noreturn void fail(const char *what);

#endif
