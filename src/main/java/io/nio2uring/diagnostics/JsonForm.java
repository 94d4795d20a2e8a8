package io.nio2uring.diagnostics;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A report for machines: a JSON object (RFC 8259) of ASCII characters.
 *
 * <p>Its members: {@code version}, {@code usable}, {@code reason}, {@code advice} (an array), and an object for each
 * section.
 */
public final class JsonForm {
    private final StringBuilder text = new StringBuilder();

    private JsonForm() {
    }

    /**
     * Writes a report.
     *
     * @param report what was found out
     * @return several lines
     */
    public static String of(Report report) {
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("version", report.version());
        all.put("usable", report.verdict().usable());
        all.put("reason", report.verdict().reason());
        all.put("advice", report.verdict().advice());
        for (Section section : report.sections()) {
            Map<String, Object> facts = new LinkedHashMap<>();
            section.facts().forEach(fact -> facts.put(fact.key(), fact.value()));
            all.put(section.key(), facts);
        }
        JsonForm form = new JsonForm();
        form.value(all, "\n");
        return form.text.append('\n').toString();
    }

    private void value(Object value, String newLine) {
        switch (value) {
            case null -> text.append("null");
            case Boolean truth -> text.append(truth);
            case Number number -> text.append(number);
            case Map<?, ?> map -> {
                String separator = "{";
                for (Map.Entry<?, ?> member : map.entrySet()) {
                    text.append(separator).append(newLine).append("  ");
                    string((String) member.getKey());
                    text.append(": ");
                    value(member.getValue(), newLine + "  ");
                    separator = ",";
                }
                text.append(map.isEmpty() ? "{}" : newLine + "}");
            }
            case List<?> list -> {
                String separator = "[";
                for (Object element : list) {
                    text.append(separator).append(newLine).append("  ");
                    value(element, newLine + "  ");
                    separator = ",";
                }
                text.append(list.isEmpty() ? "[]" : newLine + "]");
            }
            default -> string(value.toString());
        }
    }

    private void string(String value) {
        text.append('"');
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c == '"' || c == '\\') {
                text.append('\\').append(c);
            } else if (c < ' ' || c > '~') {
                text.append(String.format("\\u%04x", (int) c));
            } else {
                text.append(c);
            }
        }
        text.append('"');
    }
}
