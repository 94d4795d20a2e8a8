/* The floor for nops: what a round trip costs when nothing lies between the caller and the kernel. A library, so that the
   benchmark beside it measures C and Java alike. One ring, one thread. */
#include <liburing.h>
#include <stdint.h>

enum { ENTRIES = 256 };

static struct io_uring ring;

/* 0, or an error number, negated. */
int64_t nops_open(void) {
    return io_uring_queue_init(ENTRIES, &ring, IORING_SETUP_SUBMIT_ALL);
}

void nops_close(void) {
    io_uring_queue_exit(&ring);
}

/* So many nops at a time (ENTRIES at most), so many times: the sum of what they carried, or an error number, negated. */
int64_t nops_run(int64_t batch, int64_t repetitions) {
    int64_t sum = 0;
    while (repetitions-- > 0) {
        for (int64_t i = 0; i < batch; i++) {
            struct io_uring_sqe *entry = io_uring_get_sqe(&ring);
            io_uring_prep_nop(entry);
            io_uring_sqe_set_data64(entry, (uint64_t)i);
        }
        int result = io_uring_submit_and_wait(&ring, (unsigned)batch);
        if (result < 0) {
            return result;
        }
        struct io_uring_cqe *completion;
        unsigned head, taken = 0;
        io_uring_for_each_cqe(&ring, head, completion) {
            sum += (int64_t)completion->user_data;
            taken++;
        }
        io_uring_cq_advance(&ring, taken);
    }
    return sum;
}
