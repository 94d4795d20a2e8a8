package io.nio2uring.diagnostics;

import java.util.ArrayList;
import java.util.List;

/**
 * All that was found out.
 *
 * @param version  of the library
 * @param verdict  can it be used, and if not, why and what to change
 * @param sections the details
 */
public record Report(String version, Verdict verdict, List<Section> sections) {
    /**
     * Whether the library runs on io_uring here.
     *
     * @param usable if so
     * @param reason in a sentence
     * @param advice what to change, a sentence each; empty when usable
     */
    public record Verdict(boolean usable, String reason, List<String> advice) {
        /** For a host where all is well. */
        public static final Verdict USABLE = new Verdict(true, "io_uring can be used.", List.of());

        /**
         * The verdict after something else was found not to work.
         *
         * @param newReason in a sentence
         * @param newAdvice what to change
         * @return this one if it is bad already, else the new one
         */
        public Verdict unless(String newReason, List<String> newAdvice) {
            return usable ? new Verdict(false, newReason, newAdvice) : this;
        }
    }

    /**
     * Adds up what has been found out.
     *
     * @param version  of the library
     * @param verdict  so far
     * @param sections the details; one that is not good makes the verdict bad
     * @return the report
     */
    public static Report of(String version, Verdict verdict, List<Section> sections) {
        Verdict sum = verdict;
        for (Section section : sections) {
            if (!section.isGood()) {
                List<String> bad = new ArrayList<>();
                section.facts().stream().filter(fact -> fact.mark() == Fact.Mark.BAD)
                        .forEach(fact -> bad.add(fact.label() + ": " + fact.text()));
                sum = sum.unless(section.title() + ": " + String.join("; ", bad) + ".", List.of(
                        "See the section \"" + section.title() + "\" below."));
            }
        }
        return new Report(version, sum, List.copyOf(sections));
    }
}
