package io.nio2uring;

import java.io.IOException;
import java.nio.channels.AsynchronousChannelGroup;
import java.nio.channels.spi.AsynchronousChannelProvider;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadFactory;

import io.nio2uring.EngineChoice.Mode;
import io.nio2uring.channel.RingChannelGroup;
import io.nio2uring.diagnostics.Abilities;
import io.nio2uring.diagnostics.Fact;
import io.nio2uring.diagnostics.Fact.Mark;
import io.nio2uring.diagnostics.GroupTrial;
import io.nio2uring.diagnostics.Host;
import io.nio2uring.diagnostics.JsonForm;
import io.nio2uring.diagnostics.RemoteDump;
import io.nio2uring.diagnostics.Report;
import io.nio2uring.diagnostics.Report.Verdict;
import io.nio2uring.diagnostics.Section;
import io.nio2uring.diagnostics.TextForm;
import io.nio2uring.loop.Engine;

/**
 * The program that {@code java -jar} of this library starts: tells whether io_uring can be used here, or what another
 * process is doing.
 */
final class Diagnostics {
    private static final int NOT_USABLE = 1;
    private static final int NOT_ASKED = 1;
    private static final int WRONG_USE = 2;

    private static final String HELP = """
            Usage: java [-Dproperty=value ...] -jar nio2-uring.jar [--json]
                   java -jar nio2-uring.jar --dump PID

            Tells whether Java's asynchronous channels can run on io_uring here, and if
            not, why and what to change: opens channel groups of each kind and has bytes
            echoed through them. Properties take effect as they would in a program.

              --json      the same as a JSON object
              --dump PID  instead: which operations are in flight in a running program,
                          loop by loop and channel by channel; for one that hangs
              --help      this text

            Exit status: 0 if io_uring can be used, 1 if not, 2 for a wrong argument;
            with --dump, 0 if the program could be asked, 1 if not.
            Colours appear on a terminal only, and not if NO_COLOR is set.

            jconsole shows the same dump and more, under MBeans, io.nio2uring. A flight
            recording (jcmd PID JFR.start) has the events of the category nio2-uring.
            """;

    private Diagnostics() {
    }

    /**
     * Prints a report, or help.
     *
     * @param arguments {@code --json}, {@code --help}, {@code --dump} and a process, or nothing
     * @throws InterruptedException if the thread is interrupted
     */
    public static void main(String[] arguments) throws InterruptedException {
        if (arguments.length > 0 && arguments[0].equals("--dump")) {
            System.exit(dump(arguments));
        }
        boolean json = false;
        for (String argument : arguments) {
            switch (argument) {
                case "--json" -> json = true;
                case "--help", "-h" -> {
                    System.out.print(HELP);
                    System.exit(0);
                }
                case "--dump" -> System.exit(dump(new String[0]));
                default -> {
                    System.err.println("Unknown argument '" + argument + "'. Known are --json, --dump PID and --help.");
                    System.exit(WRONG_USE);
                }
            }
        }
        Report report = examine(Host.current());
        System.out.print(json ? JsonForm.of(report) : TextForm.of(report, isColoured()));
        System.out.flush();
        // Not by returning: threads of a default group, which nothing ends, need not be daemons.
        System.exit(report.verdict().usable() ? 0 : NOT_USABLE);
    }

    /** Asks another process what is in flight in it; returns the exit status. */
    private static int dump(String[] arguments) {
        if (arguments.length != 2 || !arguments[1].matches("[1-9]\\d{0,8}")) {
            System.err.println(
                    "--dump takes one argument, the number of a process, and goes alone; 'jcmd' lists those of Java.");
            return WRONG_USE;
        }
        try {
            System.out.print(RemoteDump.of(Long.parseLong(arguments[1])));
            System.out.flush();
            return 0;
        } catch (IOException e) {
            System.err.println(e.getMessage());
            return NOT_ASKED;
        }
    }

    private static boolean isColoured() {
        String noColor = System.getenv("NO_COLOR");
        return System.console() != null && System.console().isTerminal() && (noColor == null || noColor.isEmpty())
                && !"dumb".equals(System.getenv("TERM"));
    }

    private static Report examine(Host host) throws InterruptedException {
        Abilities abilities = Abilities.probe(host);
        Verdict verdict = abilities.verdict();
        List<Section> sections = new ArrayList<>();
        Map<String, Object> values = Map.of();
        try {
            Configuration configuration = Configuration.fromSystemProperties();
            values = configuration.values();
            sections.add(engine(configuration.mode(), abilities));
        } catch (IllegalArgumentException e) {
            verdict = verdict.unless("The configuration cannot be used: " + e.getMessage() + ".",
                    List.of("Correct the property."));
        }
        sections.addAll(List.of(host.describe(), host.limits()));
        sections.addAll(abilities.sections());
        sections.add(configuration(values));
        if (verdict.usable()) {
            sections.add(groups());
        }
        return Report.of(version(), verdict, sections);
    }

    private static String version() {
        String version = Diagnostics.class.getPackage().getImplementationVersion();
        return version != null ? version
                : Diagnostics.class.getModule().isNamed()
                        ? Diagnostics.class.getModule().getDescriptor().rawVersion().orElse("of unknown version")
                        : "of unknown version";
    }

    /** What the channels of a program run on here. */
    private static Section engine(Mode mode, Abilities abilities) {
        String engine;
        String note;
        if (mode == Mode.PORTABLE) {
            engine = Engine.PORTABLE.toString();
            note = "as nio2uring.mode asks for";
        } else if (abilities.verdict().usable()) {
            engine = Engine.IO_URING.toString();
            note = "";
        } else if (mode == Mode.AUTO && !abilities.exhausted()) {
            engine = Engine.PORTABLE.toString();
            note = "in place of io_uring, and slower";
        } else {
            engine = "none";
            note = "opening a group fails";
        }
        return new Section("engine", "Engine", List.of(Fact.of("engine", "Channels run on", engine, note)));
    }

    // ---- properties

    private static Section configuration(Map<String, Object> values) {
        List<Fact> facts = new ArrayList<>();
        values.forEach((name, value) -> facts.add(property(name, value)));
        for (String name : List.of(DefaultThreadPool.INITIAL_SIZE, DefaultThreadPool.THREAD_FACTORY,
                "java.net.preferIPv4Stack", "java.nio.channels.spi.AsynchronousChannelProvider")) {
            facts.add(property(name, System.getProperty(name)));
        }
        return new Section("configuration", "Configuration", facts);
    }

    private static Fact property(String name, Object value) {
        boolean isSet = System.getProperty(name) != null;
        Map<String, Object> forMachines = new LinkedHashMap<>();
        forMachines.put("value", value);
        forMachines.put("origin", isSet ? "system property" : "default");
        return new Fact(name, name, forMachines, value == null ? "not set" : value.toString(), Mark.NEUTRAL,
                isSet ? "(system property)" : "(default)");
    }

    // ---- groups

    private static Section groups() throws InterruptedException {
        ThreadFactory daemons = Thread.ofPlatform().daemon().name("diagnostics-", 1).factory();
        List<Fact> facts = new ArrayList<>();
        facts.add(found());
        facts.add(run("fixed", "Fixed, 1 thread", provider -> provider.openAsynchronousChannelGroup(1, daemons)));
        facts.add(run("cached", "Cached threads", provider -> provider
                .openAsynchronousChannelGroup(Executors.newCachedThreadPool(daemons), 1)));
        facts.add(run("executor", "Program's executor", provider -> provider
                .openAsynchronousChannelGroup(Executors.newFixedThreadPool(2, daemons), 0)));
        facts.add(run("default", "Default group", provider -> null));
        return new Section("groups", "Channel groups", facts);
    }

    /** What a program in this very virtual machine would get. */
    private static Fact found() {
        String found;
        try {
            found = AsynchronousChannelProvider.provider().getClass().getName();
        } catch (Error e) {
            // By specification, if the property names something else; a program gets the same.
            return new Fact("provider", "Provider found by Java", null,
                    "none: " + (e.getCause() == null ? e : e.getCause()), Mark.BAD,
                    "correct the property java.nio.channels.spi.AsynchronousChannelProvider");
        }
        boolean ours = found.equals(UringAsynchronousChannelProvider.class.getName());
        return new Fact("provider", "Provider found by Java", found, found, ours ? Mark.GOOD : Mark.NEUTRAL,
                ours ? "" : "a property asks for this one");
    }

    @FunctionalInterface
    private interface Opening {
        AsynchronousChannelGroup open(AsynchronousChannelProvider provider) throws IOException;
    }

    /** Each kind has a provider of its own, so that its one group is the one to look at. */
    private static Fact run(String key, String label, Opening opening) throws InterruptedException {
        UringAsynchronousChannelProvider provider = new UringAsynchronousChannelProvider();
        return new GroupTrial(key, label, () -> opening.open(provider)).run(provider, () -> engineOf(provider));
    }

    private static GroupTrial.Engine engineOf(UringAsynchronousChannelProvider provider) {
        List<RingChannelGroup> groups = provider.openGroups();
        return groups.isEmpty() ? new GroupTrial.Engine("none", 0, "")
                : new GroupTrial.Engine(groups.getFirst().engine().toString(), groups.getFirst().loops().size(),
                        groups.getFirst().ringFlags());
    }
}
