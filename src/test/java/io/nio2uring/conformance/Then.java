package io.nio2uring.conformance;

import java.nio.channels.CompletionHandler;

/** A completion handler that goes on with the result; a failure goes to the thread's uncaught handler. */
record Then<V>(Action<? super V> action) implements CompletionHandler<V, Object> {
    interface Action<V> {
        void take(V result) throws Exception;
    }

    @Override
    public void completed(V result, Object attachment) {
        try {
            action.take(result);
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void failed(Throwable failure, Object attachment) {
        throw new IllegalStateException("the operation failed", failure);
    }
}
