package io.nio2uring.channel;

import java.nio.channels.CompletionHandler;

/** A handler made of what is to be done with a result; a failure goes to the thread's handler of uncaught exceptions. */
interface Then<V> extends CompletionHandler<V, Object> {
    void accept(V value) throws Exception;

    static <V> CompletionHandler<V, Object> then(Then<V> then) {
        return then;
    }

    @Override
    default void completed(V value, Object attachment) {
        try {
            accept(value);
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    default void failed(Throwable failure, Object attachment) {
        throw new IllegalStateException("unexpected failure", failure);
    }
}
