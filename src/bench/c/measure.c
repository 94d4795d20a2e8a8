#include "measure.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

void fail(const char *what) {
    if (errno) {
        fprintf(stderr, "load: %s: %s\n", what, strerror(errno));
    } else {
        fprintf(stderr, "load: %s\n", what);
    }
    exit(1);
}

static unsigned bucket_of(uint64_t nanos) {
    if (nanos < (1u << SUB_BUCKET_BITS)) {
        return (unsigned)nanos;
    }
    unsigned shift = 63 - (unsigned)__builtin_clzll(nanos) - SUB_BUCKET_BITS;
    /* nanos >> shift keeps its highest bit and SUB_BUCKET_BITS more; the former is told by the row. */
    return ((shift + 1) << SUB_BUCKET_BITS) + (unsigned)((nanos >> shift) - (1u << SUB_BUCKET_BITS));
}

static uint64_t end_of_bucket(unsigned bucket) {
    if (bucket < (1u << SUB_BUCKET_BITS)) {
        return bucket;
    }
    unsigned shift = (bucket >> SUB_BUCKET_BITS) - 1;
    uint64_t first = (uint64_t)((bucket & ((1u << SUB_BUCKET_BITS) - 1)) + (1u << SUB_BUCKET_BITS)) << shift;
    return first + ((uint64_t)1 << shift) - 1;
}

void histogram_add(Histogram *histogram, uint64_t nanos) {
    histogram->counts[bucket_of(nanos)]++;
    histogram->total++;
}

uint64_t histogram_quantile(const Histogram *histogram, double share) {
    double wanted = share * (double)histogram->total;
    uint64_t below = 0;
    for (unsigned bucket = 0; bucket < HISTOGRAM_BUCKETS; bucket++) {
        below += histogram->counts[bucket];
        if (below > 0 && (double)below >= wanted) {
            return end_of_bucket(bucket);
        }
    }
    return 0;
}

static uint64_t nanos_of(clockid_t clock) {
    struct timespec time;
    if (clock_gettime(clock, &time)) {
        fail("clock_gettime");
    }
    return (uint64_t)time.tv_sec * 1000000000u + (uint64_t)time.tv_nsec;
}

uint64_t now_nanos(void) {
    return nanos_of(CLOCK_MONOTONIC);
}

/* User and system time as /proc counts them: coarse, but the only place that tells one from the other. */
static void read_ticks(pid_t process, uint64_t *user, uint64_t *system) {
    char path[64], line[1024];
    snprintf(path, sizeof path, "/proc/%d/stat", (int)process);
    FILE *file = fopen(path, "r");
    if (!file) {
        fail(path);
    }
    char *read = fgets(line, sizeof line, file);
    fclose(file);
    /* The name, in parentheses, may itself have spaces and parentheses. Fields 14 and 15, counted from 1. */
    char *after_name = read ? strrchr(line, ')') : NULL;
    if (!after_name || sscanf(after_name + 2, "%*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %lu %lu", user, system) != 2) {
        errno = 0;
        fail("the server's /proc/PID/stat cannot be understood");
    }
}

uint64_t nanos_after(double seconds) {
    return now_nanos() + (uint64_t)(seconds * 1e9);
}

void window_init(Window *window, pid_t server) {
    memset(window, 0, sizeof *window);
    window->server = server;
    int error = clock_getcpuclockid(server, &window->server_clock);
    if (error) {
        errno = error;
        fail("CPU clock of the server's process");
    }
}

/* True for a byte, false for the end. */
static bool read_byte(void) {
    char byte;
    ssize_t count;
    do {
        count = read(STDIN_FILENO, &byte, 1);
    } while (count < 0 && errno == EINTR);
    return count == 1;
}

void window_open(Window *window) {
    printf("ready\n");
    fflush(stdout);
    if (!read_byte()) {
        errno = 0;
        fail("told to end before the measured time");
    }
    window->counted = window->total = 0;
    window->is_open = true;
    read_ticks(window->server, &window->user_opened_ticks, &window->system_opened_ticks);
    window->cpu_opened_nanos = nanos_of(window->server_clock);
    window->opened_nanos = now_nanos();
}

void window_count(Window *window, uint64_t messages, uint64_t nanos) {
    window->total += messages;
    if (window->is_open) {
        window->counted += messages;
        histogram_add(&window->histogram, nanos);
    }
}

void window_close(Window *window) {
    window->closed_nanos = now_nanos();
    window->cpu_closed_nanos = nanos_of(window->server_clock);
    read_ticks(window->server, &window->user_closed_ticks, &window->system_closed_ticks);
    window->is_open = false;
}

void window_report(const Window *window) {
    printf("messages=%lu totalMessages=%lu nanos=%lu cpuNanos=%lu userTicks=%lu systemTicks=%lu"
           " p50Nanos=%lu p99Nanos=%lu p999Nanos=%lu maxNanos=%lu\n",
           window->counted, window->total, window->closed_nanos - window->opened_nanos,
           window->cpu_closed_nanos - window->cpu_opened_nanos, window->user_closed_ticks - window->user_opened_ticks,
           window->system_closed_ticks - window->system_opened_ticks, histogram_quantile(&window->histogram, 0.5),
           histogram_quantile(&window->histogram, 0.99), histogram_quantile(&window->histogram, 0.999),
           histogram_quantile(&window->histogram, 1));
    fflush(stdout);
    while (read_byte()) {
    }
}
