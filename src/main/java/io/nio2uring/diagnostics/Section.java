package io.nio2uring.diagnostics;

import java.util.List;

/**
 * What was found out about one subject.
 *
 * @param key   its name for machines
 * @param title its name for people
 * @param facts in the order in which they are told
 */
public record Section(String key, String title, List<Fact> facts) {
    boolean isGood() {
        return facts.stream().noneMatch(fact -> fact.mark() == Fact.Mark.BAD);
    }
}
