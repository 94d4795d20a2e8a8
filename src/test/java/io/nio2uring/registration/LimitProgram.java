package io.nio2uring.registration;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Runs a command under a limit, and exits with its status. Arguments: what a shell does before it gives way to the command,
 * up to and with {@code exec}, and the command.
 */
final class LimitProgram {
    private LimitProgram() {
    }

    public static void main(String[] arguments) throws Exception {
        List<String> command = new ArrayList<>(
                List.of("bash", "-c", arguments[0] + " \"$0\" \"$@\""));
        command.addAll(Arrays.asList(arguments).subList(1, arguments.length));
        System.exit(new ProcessBuilder(command).inheritIO().start().waitFor());
    }
}
