package io.nio2uring.diagnostics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.nio2uring.diagnostics.Fact.Mark;
import io.nio2uring.diagnostics.Report.Verdict;
import org.junit.jupiter.api.Test;

class FormsTest {
    private static final String AWKWARD = "a \"b\" \\ c\n\t\u0001 \u00e4 \ud83d\ude00 \ud83d";

    private static Report reportOf(Fact... facts) {
        return Report.of("1", Verdict.USABLE, List.of(new Section("some", "Some", List.of(facts))));
    }

    @Test
    void jsonKeepsEveryCharacterAndType() {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put(AWKWARD, List.of(1, -2L, true, "x", List.of(), Map.of()));
        map.put("nothing", null);
        String json = JsonForm.of(reportOf(Fact.of("key", "label", map, ""), Fact.of("text", "label", AWKWARD, "")));
        assertTrue(json.chars().allMatch(c -> c == '\n' || c >= ' ' && c <= '~'), json);
        JsonObject object = JsonParser.parseString(json).getAsJsonObject();
        assertTrue(object.get("usable").getAsBoolean());
        JsonObject some = object.getAsJsonObject("some");
        assertEquals(AWKWARD, some.get("text").getAsString());
        assertTrue(some.getAsJsonObject("key").get("nothing").isJsonNull());
        assertEquals(JsonParser.parseString("[1,-2,true,\"x\",[],{}]"), some.getAsJsonObject("key").get(AWKWARD));
    }

    @Test
    void oneBadFactMakesTheWholeUnusableAndIsNamed() {
        Report report = reportOf(Fact.needed("RECV", true, "reads"), Fact.needed("SEND", false, "writes"));
        assertFalse(report.verdict().usable());
        assertEquals("Some: SEND: no.", report.verdict().reason());
        assertTrue(TextForm.of(report, false).contains("io_uring cannot be used here. Some: SEND: no."));
    }

    @Test
    void whatIsLackingButNotNeededDoesNot() {
        assertTrue(reportOf(Fact.optional("NAPI", false, "polling")).verdict().usable());
    }

    @Test
    void textIsBrokenAtWordsAndLongWordsAtTheEdge() {
        String words = "word ".repeat(40).strip();
        String text = TextForm.of(reportOf(Fact.of("a", "Label", words, "note ".repeat(30)),
                Fact.of("b", "l".repeat(100), "x".repeat(200), "")), false);
        assertTrue(text.lines().allMatch(line -> line.length() <= 80), text);
        assertTrue(text.lines().noneMatch(line -> line.endsWith(" ")), text);
        assertEquals(words, text.lines().filter(line -> line.contains("word")).map(
                line -> line.replace("Label", "").strip()).reduce((a, b) -> a + " " + b).orElseThrow());
        assertEquals(200, text.chars().filter(c -> c == 'x').count());
        assertEquals(101, text.chars().filter(c -> c == 'l').count(), "one of \"Label\"");
    }

    @Test
    void coloursMarkGoodAndBadAndNothingElse() {
        Report report = reportOf(Fact.needed("SEND", false, "writes"), Fact.needed("RECV", true, "reads"),
                new Fact("n", "Neutral", 1, "1", Mark.NEUTRAL, ""));
        String text = TextForm.of(report, true);
        assertTrue(text.contains("\033[31mno\033[0m") && text.contains("\033[32myes\033[0m"), text);
        assertEquals(TextForm.of(report, false), text.replaceAll("\033\\[\\d+m", ""));
    }
}
