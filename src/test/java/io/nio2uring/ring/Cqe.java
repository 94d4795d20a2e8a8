package io.nio2uring.ring;

/** A completion to keep. */
record Cqe(long userData, int result, boolean hasMore, int bufferId, boolean bufferHasMore, boolean isNotification) {
    static Cqe of(Completion completion) {
        return new Cqe(completion.userData(), completion.result(), completion.hasMore(), completion.bufferId(),
                completion.bufferHasMore(), completion.isNotification());
    }

    /** A completion without flags. */
    static Cqe of(long userData, int result) {
        return new Cqe(userData, result, false, -1, false, false);
    }
}
