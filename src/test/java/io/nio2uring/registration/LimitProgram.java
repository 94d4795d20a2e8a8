package io.nio2uring.registration;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Runs a command that may have so many files open, and exits with its status. Arguments: how many, and the command. */
final class LimitProgram {
    private LimitProgram() {
    }

    public static void main(String[] arguments) throws Exception {
        List<String> command = new ArrayList<>(
                List.of("bash", "-c", "ulimit -n " + arguments[0] + " && exec \"$0\" \"$@\""));
        command.addAll(Arrays.asList(arguments).subList(1, arguments.length));
        System.exit(new ProcessBuilder(command).inheritIO().start().waitFor());
    }
}
