package demo;

/** The demonstration failed; the message is one sentence for its user. */
final class DemoException extends Exception {
    private static final long serialVersionUID = 1;

    DemoException(String sentence) {
        super(sentence);
    }

    DemoException(String sentence, Throwable cause) {
        super(sentence, cause);
    }
}
