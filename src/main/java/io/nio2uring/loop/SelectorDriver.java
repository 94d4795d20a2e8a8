package io.nio2uring.loop;

import java.io.IOException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.function.Consumer;

import io.nio2uring.sys.Errno;

/**
 * Carries out a loop's operations by a selector of {@code java.nio}: an operation is attempted, and if its socket is not
 * ready, attempted again when it is. An operation is here from {@link #prepare} until it ends, either due to be attempted
 * or waiting in its {@link Registration}; that is what counts as <em>in the kernel</em> on a ring.
 */
final class SelectorDriver extends Driver {
    private static final int OUTPUT = SelectionKey.OP_WRITE | SelectionKey.OP_CONNECT;

    private final Selector selector;
    private final Consumer<SelectionKey> collect = this::collect;
    /** Operations to be attempted, or ended because they have been cancelled. */
    private final OperationQueue due = new OperationQueue();
    /** Whether the last turn left out to look for readiness because something had ended anyway. */
    private boolean lookedAway;
    // Written under ownership, read by those who look.
    private long attempts;
    private long endings;
    private long selections;

    /** A driver of the loop with the given name. */
    SelectorDriver(String name) throws IOException {
        super(name);
        selector = Selector.open();
    }

    @Override
    boolean prepare(Operation operation) {
        if (operation.isLikelyReady() || operation.registration().key == null) {
            due.add(operation);
        } else {
            await(operation);
        }
        return true;
    }

    @Override
    boolean prepareCancel(Operation operation) {
        Registration registration = operation.registration();
        if (registration.input == operation) {
            registration.input = null;
            due.add(operation);
        } else if (registration.output == operation) {
            registration.output = null;
            due.add(operation);
        }
        // Else it is due already.
        return true;
    }

    /** Has an operation attempted when its socket is ready. */
    private void await(Operation operation) {
        Registration registration = operation.registration();
        int interest = operation.interest();
        try {
            if (registration.key == null) {
                registration.key = registration.channel.register(selector, interest, registration);
                registration.driver = this;
                registration.interest = interest;
            } else if ((registration.interest & interest) == 0) {
                registration.interest |= interest;
                registration.key.interestOps(registration.interest);
            }
        } catch (IOException e) {
            operation.inKernel = false;
            endings++;
            follow(operation, operation.refused(e));
            return;
        }
        if ((interest & Registration.INPUT) != 0) {
            registration.input = operation;
        } else {
            registration.output = operation;
        }
    }

    /** Makes what waited for a socket that is ready due. */
    private void collect(SelectionKey key) {
        Registration registration = (Registration) key.attachment();
        int ready = key.readyOps();
        // Sockets can be written to nearly always, so that is looked for while it is waited for only. Data comes by and
        // by: who has read once will read again, and changing what is looked for costs a system call.
        int superfluous = 0;
        if ((ready & OUTPUT) != 0) {
            superfluous = OUTPUT;
            if (registration.output != null) {
                due.add(registration.output);
                registration.output = null;
            }
        }
        if ((ready & Registration.INPUT) != 0) {
            if (registration.input != null) {
                due.add(registration.input);
                registration.input = null;
            } else {
                superfluous |= Registration.INPUT;
            }
        }
        if ((registration.interest & superfluous) != 0) {
            registration.interest &= ~superfluous;
            key.interestOps(registration.interest);
        }
    }

    @Override
    boolean enter() throws IOException {
        return turn(0);
    }

    @Override
    boolean enterFor(long nanos) throws IOException {
        return turn(nanos);
    }

    private boolean turn(long nanos) throws IOException {
        boolean came = attemptDue();
        if (came && !lookedAway && nanos != 0) {
            lookedAway = true;
            progressed = true;
            return true;
        }
        lookedAway = false;
        selections++;
        if (came || nanos == 0 || !due.isEmpty()) {
            selector.selectNow(collect);
        } else {
            // An interrupt, which is a user's affair with the thread, would end every wait at once.
            Thread.interrupted();
            selector.select(collect, nanos == Long.MAX_VALUE ? 0 : (nanos + 999_999) / 1_000_000);
        }
        came |= attemptDue();
        progressed = came;
        return came;
    }

    /** Attempts each operation that is due now once; false when none ended. */
    private boolean attemptDue() {
        long before = endings;
        waiters.gather();
        try {
            for (int count = due.size(); count > 0; count--) {
                Operation operation = due.remove();
                if (operation.cancelRequested) {
                    endings++;
                    finish(operation, -Errno.ECANCELED, 0);
                } else {
                    attempt(operation);
                }
            }
        } finally {
            waiters.release();
        }
        return endings != before;
    }

    private void attempt(Operation operation) {
        attempts++;
        int result;
        try {
            result = operation.attempt();
        } catch (IOException e) {
            operation.inKernel = false;
            endings++;
            follow(operation, operation.refused(e));
            return;
        } catch (Throwable e) {
            endings++;
            abort(operation, e);
            return;
        }
        if (result == Operation.NOT_YET) {
            try {
                await(operation);
            } catch (Throwable e) {
                endings++;
                abort(operation, e);
            }
        } else {
            endings++;
            finish(operation, result, 0);
        }
    }

    /** Has the selector let go of channels whose keys are cancelled. */
    void forgetCancelled() throws IOException {
        if (selector.isOpen()) {
            selector.selectNow(collect);
        }
    }

    @Override
    void awaitFileReleases() {
        // Nothing has been given to the system that could hold one.
    }

    @Override
    boolean armWakeUp() {
        return true;
    }

    @Override
    void signal() {
        selector.wakeup();
    }

    @Override
    void close(long signals) {
        try {
            selector.close();
        } catch (IOException e) {
            // Its descriptors are gone all the same, and nobody waits for this.
            System.getLogger("io.nio2uring").log(System.Logger.Level.WARNING, name + " cannot close its selector", e);
        }
    }

    @Override
    int setupFlags() {
        return 0;
    }

    @Override
    long submitted() {
        return attempts;
    }

    @Override
    long completed() {
        return endings;
    }

    @Override
    long enters() {
        return selections;
    }

    @Override
    int buffersInUse() {
        return 0;
    }

    @Override
    void describe(StringBuilder text) {
        text.append("  selector: ").append(selector.keys().size()).append(" channels, ").append(due.size())
                .append(" operations due\n");
    }
}
