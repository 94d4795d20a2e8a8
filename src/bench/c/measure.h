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

/* A stretch of time over which messages are counted and the server's CPU time is taken. Before and after it nothing is in
   flight, and the server's own counters are read: what it counts in between belongs to the messages counted here. */
typedef struct {
    pid_t server;
    clockid_t server_clock;
    bool is_open;
    uint64_t opened_nanos, closed_nanos;
    uint64_t cpu_opened_nanos, cpu_closed_nanos;
    uint64_t user_opened_ticks, user_closed_ticks;
    uint64_t system_opened_ticks, system_closed_ticks;
    uint64_t counted;      /* messages answered within the window */
    uint64_t total;        /* and those that were answered after it had closed */
    Histogram histogram;   /* of the former */
} Window;

uint64_t now_nanos(void);

/* That many seconds from now. */
uint64_t nanos_after(double seconds);

/* server: the process whose CPU time is taken. */
void window_init(Window *window, pid_t server);

/* Says on standard output that nothing is in flight, awaits a line on standard input, and opens the window. */
void window_open(Window *window);

/* Counts messages that took so long together. */
void window_count(Window *window, uint64_t messages, uint64_t nanos);

/* Ends the window and takes the server's CPU time. */
void window_close(Window *window);

/* With nothing in flight any more: one line of key=value on standard output. Then awaits the end of standard input, since
   the server's counters are read before it sees connections end. */
void window_report(const Window *window);

/* Ends the process with status 1 and one line on standard error, with the text of errno if that is not 0. */
_Noreturn void fail(const char *what);

#endif
