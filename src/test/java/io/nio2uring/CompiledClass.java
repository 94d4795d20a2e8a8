package io.nio2uring;

import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.io.IOException;
import java.io.InputStream;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.CodeElement;
import java.lang.classfile.MethodModel;
import java.lang.classfile.Opcode;
import java.lang.classfile.instruction.FieldInstruction;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.classfile.instruction.MonitorInstruction;
import java.lang.reflect.AccessFlag;
import java.util.List;
import java.util.stream.Stream;

/** What the compiler made of a class, for tests of what no run on x86-64 shows reliably. */
public final class CompiledClass {
    private final ClassModel model;

    private CompiledClass(ClassModel model) {
        this.model = model;
    }

    /** Reads a class. */
    public static CompiledClass of(String name) throws IOException {
        try (InputStream bytes = CompiledClass.class.getResourceAsStream("/" + name.replace('.', '/') + ".class")) {
            return new CompiledClass(ClassFile.of().parse(bytes.readAllBytes()));
        }
    }

    /** Whether there is such a field, and it is volatile. */
    public boolean hasVolatile(String field) {
        return model.fields().stream()
                .anyMatch(each -> each.fieldName().equalsString(field) && each.flags().has(AccessFlag.VOLATILE));
    }

    /** Whether all methods of the name are synchronized. */
    public boolean isSynchronized(String method) {
        return methods(method).stream().allMatch(each -> each.flags().has(AccessFlag.SYNCHRONIZED));
    }

    /** The access modes that a method names. */
    public List<String> varHandleCalls(String method) {
        return code(method)
                .filter(element -> element instanceof InvokeInstruction invoke
                        && invoke.owner().asInternalName().equals("java/lang/invoke/VarHandle"))
                .map(element -> ((InvokeInstruction) element).name().stringValue()).toList();
    }

    /**
     * Calls, as {@code Class.method}, accesses to fields, as {@code get:field} and {@code put:field}, and the bounds of
     * synchronized blocks, as {@code lock} and {@code unlock}, of which there is one for each way out.
     */
    public List<String> steps(String method) {
        return code(method).<String>mapMulti((element, next) -> {
            if (element instanceof InvokeInstruction invoke) {
                String owner = invoke.owner().asInternalName();
                next.accept(owner.substring(owner.lastIndexOf('/') + 1) + "." + invoke.name().stringValue());
            } else if (element instanceof FieldInstruction access) {
                boolean isRead = access.opcode() == Opcode.GETFIELD || access.opcode() == Opcode.GETSTATIC;
                next.accept((isRead ? "get:" : "put:") + access.name().stringValue());
            } else if (element instanceof MonitorInstruction monitor) {
                next.accept(monitor.opcode() == Opcode.MONITORENTER ? "lock" : "unlock");
            }
        }).toList();
    }

    private Stream<CodeElement> code(String method) {
        return methods(method).stream().flatMap(each -> each.code().orElseThrow().elementStream());
    }

    private List<MethodModel> methods(String method) {
        List<MethodModel> methods =
                model.methods().stream().filter(each -> each.methodName().equalsString(method)).toList();
        assertNotEquals(List.of(), methods, model.thisClass().asInternalName() + " has no method " + method);
        return methods;
    }
}
