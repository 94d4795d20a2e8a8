package io.nio2uring.abi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.reflect.Field;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Compares every constant, offset and size of this package with C's.
 *
 * <p>{@code kernel-numbers.txt} records what a C compiler says about a header that has every name. With a C compiler on the
 * machine its own headers are compared too; they may be older than this package, so a name that they lack is no fault.
 */
class LayoutTest {
    private static final String RECORD = "kernel-numbers.txt";

    /** How the constants of a class are called in C: prefix of the name. */
    private static final Map<Class<?>, String> PREFIXES = Map.ofEntries(
            Map.entry(Opcode.class, "IORING_OP_"), Map.entry(SetupFlag.class, "IORING_SETUP_"),
            Map.entry(EnterFlag.class, "IORING_ENTER_"), Map.entry(SqeFlag.class, "IOSQE_"),
            Map.entry(CqeFlag.class, "IORING_CQE_F_"), Map.entry(RegisterOp.class, "IORING_"),
            Map.entry(Feature.class, "IORING_FEAT_"), Map.entry(SqRingFlag.class, "IORING_SQ_"),
            Map.entry(OpFlag.class, "IORING_"), Map.entry(MmapOffset.class, "IORING_OFF_"),
            Map.entry(SocketConstant.class, ""));

    /** Names that do not follow their class's prefix. */
    private static final Map<String, String> EXCEPTIONS = Map.of(
            "IORING_CQE_F_BUFFER_SHIFT", "IORING_CQE_BUFFER_SHIFT", "IORING_OP_SUPPORTED", "IO_URING_OP_SUPPORTED",
            "IORING_PBUF_RING_MMAP", "IOU_PBUF_RING_MMAP", "IORING_PBUF_RING_INC", "IOU_PBUF_RING_INC");

    private static final Map<Class<?>, String> STRUCTS = Map.ofEntries(
            Map.entry(Sqe.class, "struct io_uring_sqe"), Map.entry(Cqe.class, "struct io_uring_cqe"),
            Map.entry(Params.class, "struct io_uring_params"),
            Map.entry(SqRingOffsets.class, "struct io_sqring_offsets"),
            Map.entry(CqRingOffsets.class, "struct io_cqring_offsets"),
            Map.entry(GeteventsArg.class, "struct io_uring_getevents_arg"),
            Map.entry(Buf.class, "struct io_uring_buf"), Map.entry(BufRing.class, "struct io_uring_buf_ring"),
            Map.entry(BufReg.class, "struct io_uring_buf_reg"), Map.entry(Napi.class, "struct io_uring_napi"),
            Map.entry(Probe.class, "struct io_uring_probe"),
            Map.entry(ProbeOp.class, "struct io_uring_probe_op"),
            Map.entry(RsrcRegister.class, "struct io_uring_rsrc_register"),
            Map.entry(RsrcUpdate.class, "struct io_uring_rsrc_update"),
            Map.entry(SyncCancelReg.class, "struct io_uring_sync_cancel_reg"),
            Map.entry(KernelTimespec.class, "struct __kernel_timespec"), Map.entry(Iovec.class, "struct iovec"),
            Map.entry(Msghdr.class, "struct msghdr"), Map.entry(SockaddrIn.class, "struct sockaddr_in"),
            Map.entry(SockaddrIn6.class, "struct sockaddr_in6"));

    @Test
    void every_number_is_the_recorded_one() throws Exception {
        Map<String, Long> declared = declared();
        assertEquals(new TreeSet<>(), differences(recorded(), declared));
        assertEquals(new TreeSet<>(declared.keySet()), new TreeSet<>(recorded().keySet()));
    }

    @Test
    void every_number_is_the_one_of_this_machines_headers(@TempDir Path directory) throws Exception {
        Map<String, Long> declared = declared();
        Map<String, Long> compiled = compile(directory, declared);
        assertEquals(new TreeSet<>(), differences(compiled, declared));
        // Old as a header may be, it has these.
        assertTrue(compiled.keySet().containsAll(List.of("IORING_OP_NOP", "struct io_uring_sqe", "AF_INET6")),
                compiled.keySet().toString());
    }

    private static TreeSet<String> differences(Map<String, Long> inC, Map<String, Long> declared) {
        TreeSet<String> differences = new TreeSet<>();
        inC.forEach((name, value) -> {
            if (!value.equals(declared.get(name))) {
                differences.add(name + " is " + value + " in C and " + declared.get(name) + " here");
            }
        });
        return differences;
    }

    /** What this package says, under C's names: constants, {@code struct} sizes, {@code struct.field} offsets. */
    private static Map<String, Long> declared() throws IllegalAccessException {
        Map<String, Long> numbers = new LinkedHashMap<>();
        for (Map.Entry<Class<?>, String> entry : PREFIXES.entrySet()) {
            for (Field field : entry.getKey().getFields()) {
                String name = entry.getValue() + field.getName();
                if (entry.getKey() == RegisterOp.class && name.equals("IORING_OP_SUPPORTED")
                        || EXCEPTIONS.containsKey(name) && !name.equals("IORING_OP_SUPPORTED")) {
                    name = EXCEPTIONS.get(name);
                }
                if (!name.equals("IORING_OP_LAST")) {
                    numbers.put(name, field.getLong(null));
                }
            }
        }
        for (Map.Entry<Class<?>, String> entry : STRUCTS.entrySet()) {
            for (Field field : entry.getKey().getFields()) {
                String name = field.getName();
                numbers.put(name.equals("SIZE_BYTES") ? entry.getValue()
                        : entry.getValue() + "." + name.substring(0, name.indexOf("_OFFSET")).toLowerCase(),
                        field.getLong(null));
            }
        }
        return numbers;
    }

    private static Map<String, Long> recorded() throws IOException {
        try (BufferedReader lines = new BufferedReader(
                new InputStreamReader(LayoutTest.class.getResourceAsStream(RECORD), StandardCharsets.UTF_8))) {
            return parse(lines.lines().filter(line -> !line.startsWith("#")).toList());
        }
    }

    private static Map<String, Long> parse(List<String> lines) {
        Map<String, Long> numbers = new LinkedHashMap<>();
        for (String line : lines) {
            int equals = line.indexOf('=');
            numbers.put(line.substring(0, equals), Long.parseLong(line.substring(equals + 1)));
        }
        return numbers;
    }

    /** Asks the compiler for those names that its headers have. */
    private static Map<String, Long> compile(Path directory, Map<String, Long> names, String... options)
            throws Exception {
        TreeMap<String, String> expressions = new TreeMap<>();
        for (String name : names.keySet()) {
            expressions.put(name, expression(name));
        }
        Path source = directory.resolve("numbers.c");
        Path program = directory.resolve("numbers");
        // A name that the headers lack is an error in its own line, which says which name to leave out.
        while (true) {
            List<String> kept = List.copyOf(expressions.keySet());
            Files.write(source, program(expressions));
            List<String> command = new ArrayList<>(List.of("gcc", "-w", "-fmax-errors=0", "-o", program.toString()));
            command.addAll(List.of(options));
            command.add(source.toString());
            Process compiler = new ProcessBuilder(command).redirectErrorStream(true).start();
            String output = new String(compiler.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (compiler.waitFor() == 0) {
                break;
            }
            output.lines().filter(line -> line.contains(" error: ")).forEach(line -> {
                int number = Integer.parseInt(line.substring(source.toString().length() + 1).split(":")[0]);
                expressions.remove(kept.get(number - HEADER.size() - 1));
            });
            assertTrue(expressions.size() < kept.size(), output);
        }
        Process process = new ProcessBuilder(program.toString()).start();
        List<String> lines =
                new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).lines().toList();
        assertTrue(process.waitFor(10, TimeUnit.SECONDS));
        return parse(lines);
    }

    private static final List<String> HEADER = List.of("#define _GNU_SOURCE", "#include <stddef.h>",
            "#include <stdio.h>", "#include <poll.h>", "#include <netinet/in.h>", "#include <netinet/tcp.h>",
            "#include <sys/socket.h>", "#include <sys/uio.h>", "#include <linux/io_uring.h>", "int main() {");

    private static List<String> program(Map<String, String> expressions) {
        List<String> lines = new ArrayList<>(HEADER);
        expressions.forEach((name, expression) -> lines.add(
                "printf(\"" + name + "=%lld\\n\", (long long) (" + expression + "));"));
        lines.add("}");
        return lines;
    }

    private static String expression(String name) {
        if (!name.startsWith("struct ")) {
            return name;
        }
        int dot = name.indexOf('.');
        if (dot < 0) {
            return "sizeof(" + name + ")";
        }
        String struct = name.substring(0, dot);
        String field = name.substring(dot + 1);
        return "offsetof(" + struct + ", " + field + ")";
    }

    /**
     * Prints the record anew.
     *
     * @param arguments a directory to compile in, and one to take {@code linux/io_uring.h} from that is newer than the
     *     machine's
     */
    static void main(String[] arguments) throws Exception {
        Map<String, Long> declared = declared();
        Map<String, Long> compiled = compile(Path.of(arguments[0]), declared, "-I" + arguments[1]);
        new TreeMap<>(compiled).forEach((name, value) -> System.out.println(name + "=" + value));
        if (compiled.size() != declared.size()) {
            declared.keySet().removeAll(compiled.keySet());
            throw new AssertionError("the headers lack " + declared.keySet());
        }
    }
}
