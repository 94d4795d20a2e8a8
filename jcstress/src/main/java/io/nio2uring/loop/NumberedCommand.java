package io.nio2uring.loop;

/** A command that carries a number, written before it is pushed, and does nothing. */
final class NumberedCommand extends Command {
    /** Plain on purpose: the queue has to make it visible. */
    private int number;

    NumberedCommand() {
    }

    /** The command with its contents. */
    NumberedCommand with(int newNumber) {
        number = newNumber;
        return this;
    }

    /** The numbers of the commands linked from this one on, oldest first, as digits of one number; 0 for none. */
    static int digits(Command first) {
        int digits = 0;
        for (Command command = first; command != null; command = command.next) {
            digits = digits * 10 + ((NumberedCommand) command).number;
        }
        return digits;
    }

    @Override
    protected void run(EventLoop loop) {
        throw new AssertionError("nobody runs it");
    }
}
