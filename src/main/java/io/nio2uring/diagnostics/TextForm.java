package io.nio2uring.diagnostics;

import java.util.ArrayList;
import java.util.List;

/** A report for people, in lines of 80 columns at most. */
public final class TextForm {
    private static final int COLUMNS = 80;
    private static final int NARROWEST_LABELS = 24;
    private static final int WIDEST_LABELS = 34;
    private static final String INDENT = "  ";

    private final StringBuilder text = new StringBuilder();
    private final boolean coloured;

    private enum Style {
        PLAIN(""), HEADING("\033[1m"), GOOD("\033[32m"), BAD("\033[31m");

        private static final String END = "\033[0m";

        private final String begin;

        Style(String begin) {
            this.begin = begin;
        }

        static Style of(Fact.Mark mark) {
            return switch (mark) {
                case NEUTRAL -> PLAIN;
                case GOOD -> GOOD;
                case BAD -> BAD;
            };
        }
    }

    private TextForm(boolean coloured) {
        this.coloured = coloured;
    }

    /**
     * Writes a report.
     *
     * @param report   what was found out
     * @param coloured with the control sequences of a terminal
     * @return several lines
     */
    public static String of(Report report, boolean coloured) {
        TextForm form = new TextForm(coloured);
        form.verdict(report);
        report.sections().forEach(form::section);
        return form.text.toString();
    }

    private void verdict(Report report) {
        Report.Verdict verdict = report.verdict();
        line(Style.HEADING, "", "nio2-uring " + report.version());
        line(verdict.usable() ? Style.GOOD : Style.BAD, "",
                verdict.usable() ? verdict.reason() : "io_uring cannot be used here. " + verdict.reason());
        if (!verdict.advice().isEmpty()) {
            text.append('\n');
            line(Style.HEADING, "", "What to change");
            verdict.advice().forEach(advice -> line(Style.PLAIN, INDENT + "- ", advice));
        }
    }

    private void section(Section section) {
        text.append('\n');
        line(Style.HEADING, "", section.title());
        int labelColumns = section.facts().stream().mapToInt(fact -> fact.label().length())
                .filter(length -> length <= WIDEST_LABELS).reduce(NARROWEST_LABELS, Math::max) + 2 * INDENT.length();
        section.facts().forEach(fact -> fact(fact, labelColumns));
    }

    private void fact(Fact fact, int labelColumns) {
        String beginning = INDENT + fact.label();
        // A label that is too long for its column has a line of its own.
        if (beginning.length() + INDENT.length() > labelColumns) {
            line(Style.PLAIN, INDENT, fact.label());
            beginning = "";
        }
        beginning += " ".repeat(labelColumns - beginning.length());
        int together = labelColumns + fact.text().length() + INDENT.length() + fact.note().length();
        if (!fact.note().isEmpty() && together <= COLUMNS) {
            text.append(beginning).append(styled(Style.of(fact.mark()), fact.text())).append(INDENT)
                    .append(fact.note()).append('\n');
            return;
        }
        line(Style.of(fact.mark()), beginning, fact.text());
        if (!fact.note().isEmpty()) {
            line(Style.PLAIN, " ".repeat(labelColumns), fact.note());
        }
    }

    /** Breaks words over lines; all but the first begin with as many spaces as the first has characters before them. */
    private void line(Style style, String beginning, String words) {
        int room = COLUMNS - beginning.length();
        String start = beginning;
        for (String row : rows(words, room)) {
            text.append(start).append(styled(style, row)).append('\n');
            start = " ".repeat(beginning.length());
        }
    }

    private static List<String> rows(String words, int room) {
        List<String> rows = new ArrayList<>();
        String rest = words.strip();
        while (rest.length() > room) {
            int end = rest.lastIndexOf(' ', room);
            // A word that is longer than a line is broken where the line ends.
            int cut = end > 0 ? end : room;
            rows.add(rest.substring(0, cut).stripTrailing());
            rest = rest.substring(cut).stripLeading();
        }
        rows.add(rest);
        return rows;
    }

    private String styled(Style style, String words) {
        return coloured && style != Style.PLAIN && !words.isEmpty() ? style.begin + words + Style.END : words;
    }
}
