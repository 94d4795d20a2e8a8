package io.nio2uring.loop;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;

class CompanyTest {
    private static final int LONG = 1_000;

    private final Company company = new Company();

    private static List<Operation> operations(int count) {
        return IntStream.range(0, count).<Operation>mapToObj(StubOperation::new).toList();
    }

    private void takeTurns(List<Operation> operations, int endings) {
        for (int i = 0; i < endings; i++) {
            company.ended(operations.get(i % operations.size()));
        }
    }

    @Test
    void isSmallAtFirst() {
        assertFalse(company.isLarge());
    }

    @Test
    void ofManyThatTakeTurnsIsLarge() {
        takeTurns(operations(16), LONG);
        assertTrue(company.isLarge());
    }

    @Test
    void ofFewIsSmall() {
        takeTurns(operations(8), LONG);
        assertFalse(company.isLarge());
    }

    @Test
    void getsSmallSoonWhenOneIsLeft() {
        List<Operation> many = operations(64);
        takeTurns(many, LONG);
        takeTurns(many.subList(0, 1), 100);
        assertFalse(company.isLarge());
    }

    @Test
    void ofOneThatHasLongBeenSilentIsNotLarge() {
        List<Operation> two = operations(2);
        takeTurns(two, 2);
        for (int i = 0; i < 10; i++) {
            takeTurns(two.subList(0, 1), LONG);
            takeTurns(two.subList(1, 2), 1);
            assertFalse(company.isLarge());
        }
    }

    @Test
    void ofManyThatComeOnceEachIsNotLarge() {
        takeTurns(operations(LONG), LONG);
        assertFalse(company.isLarge());
    }
}
