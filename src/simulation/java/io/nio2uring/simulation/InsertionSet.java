package io.nio2uring.simulation;

import java.util.AbstractSet;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/**
 * Stands for the JDK's concurrent sets: in the order of insertion, where theirs depends on objects' addresses; iterates
 * over what is there at the beginning; and takes no lock of the JDK, which a coroutine that is left in between would keep.
 */
final class InsertionSet<T> extends AbstractSet<T> {
    private final List<T> elements = new ArrayList<>();

    @Override
    public boolean add(T element) {
        return !elements.contains(element) && elements.add(element);
    }

    @Override
    public boolean remove(Object element) {
        return elements.remove(element);
    }

    @Override
    public int size() {
        return elements.size();
    }

    @Override
    public Iterator<T> iterator() {
        Iterator<T> copies = List.copyOf(elements).iterator();
        return new Iterator<>() {
            private T last;

            @Override
            public boolean hasNext() {
                return copies.hasNext();
            }

            @Override
            public T next() {
                last = copies.next();
                return last;
            }

            @Override
            public void remove() {
                elements.remove(last);
            }
        };
    }
}
