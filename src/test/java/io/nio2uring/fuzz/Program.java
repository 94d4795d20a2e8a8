package io.nio2uring.fuzz;

import java.util.List;

/**
 * A program, the same for each provider.
 *
 * @param seed   that it was made from
 * @param groups kind of each group
 * @param shared whether the groups are those that all programs share; else they are the program's own
 * @param steps  in order
 */
record Program(long seed, List<GroupKind> groups, boolean shared, List<Step> steps) {
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder("program " + seed + ": groups " + groups
                + (shared ? ", shared with other programs" : ", its own") + "\n");
        for (int i = 0; i < steps.size(); i++) {
            text.append("  %2d %s%n".formatted(i, steps.get(i)));
        }
        return text.toString();
    }
}
