package chat;

import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import support.Listener;

/**
 * A chat of lines of text on {@code java.nio.channels}: the first line of a connection is its name, each further one goes
 * to everybody else.
 *
 * <p>Usage: {@code java chat.ChatServer PORT}. Talk to it with {@code nc 127.0.0.1 PORT}.
 */
public final class ChatServer {
    private final Set<Member> members = ConcurrentHashMap.newKeySet();

    private ChatServer() {}

    /** Runs the server until it is killed. */
    public static void main(String[] args) throws InterruptedException {
        if (args.length != 1) {
            throw Listener.exit("usage: ChatServer PORT");
        }
        ChatServer server = new ChatServer();
        Listener.run(Listener.port(args[0]), connection -> new Member(server, connection).start());
    }

    void joined(Member member) {
        members.add(member);
        say(member, "* " + member.name() + " has come");
        // Last: whoever has been welcomed is known to all who were there before.
        member.send(bytes("* welcome, " + member.name()));
    }

    void left(Member member) {
        if (members.remove(member)) {
            say(member, "* " + member.name() + " has gone");
        }
    }

    void say(Member from, String line) {
        byte[] bytes = bytes(line);
        for (Member member : members) {
            if (member != from) {
                member.send(bytes);
            }
        }
    }

    private static byte[] bytes(String line) {
        return (line + "\n").getBytes(StandardCharsets.UTF_8);
    }
}
