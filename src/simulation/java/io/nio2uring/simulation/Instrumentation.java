package io.nio2uring.simulation;

import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.CodeElement;
import java.lang.classfile.CodeTransform;
import java.lang.classfile.FieldModel;
import java.lang.classfile.Label;
import java.lang.classfile.MethodModel;
import java.lang.classfile.MethodTransform;
import java.lang.classfile.Opcode;
import java.lang.classfile.instruction.FieldInstruction;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.classfile.instruction.MonitorInstruction;
import java.lang.classfile.instruction.NewObjectInstruction;
import java.lang.classfile.instruction.ReturnInstruction;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.lang.reflect.AccessFlag;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * Makes the product's classes simulated ones as they are loaded: calls that concern threads, time, the kernel or native
 * memory go to {@link Hooks} and to the simulated system calls, and before each access to what threads share there is a
 * place where the scheduler may interrupt. The product's own code stays as compiled.
 */
final class Instrumentation {
    private static final String PACKAGE = "io.nio2uring.simulation.";
    private static final ClassDesc HOOKS = ClassDesc.of(PACKAGE + "Hooks");
    private static final MethodTypeDesc VOID = MethodTypeDesc.of(ConstantDescs.CD_void);
    private static final MethodTypeDesc ON_OBJECT =
            MethodTypeDesc.of(ConstantDescs.CD_void, ConstantDescs.CD_Object);

    /** Static methods of whole classes that are played. */
    private static final Map<String, ClassDesc> PLAYED = Map.of(//
            "io/nio2uring/sys/RingCalls", ClassDesc.of(PACKAGE + "SimRingCalls"), //
            "io/nio2uring/sys/SocketCalls", ClassDesc.of(PACKAGE + "SimSocketCalls"), //
            "io/nio2uring/sys/FileCalls", ClassDesc.of(PACKAGE + "SimFileCalls"), //
            "io/nio2uring/sys/KernelThread", ClassDesc.of(PACKAGE + "SimKernelThread"), //
            "io/nio2uring/sys/NativeMemory", ClassDesc.of(PACKAGE + "SimMemory"));

    /** Methods of the JDK that are replaced. */
    private static final Set<String> HOOKED = Set.of("java/lang/System.nanoTime", "java/lang/System.getProperty",
            "java/lang/Thread.currentThread",
            "java/lang/Thread.start", "java/lang/Thread$Builder$OfVirtual.start", "java/lang/Thread.isVirtual",
            "java/lang/Thread.isAlive",
            "java/lang/Thread.getState",
            "java/lang/Thread.interrupted", "java/lang/Thread.onSpinWait",
            "java/util/concurrent/locks/LockSupport.park",
            "java/util/concurrent/locks/LockSupport.parkNanos", "java/util/concurrent/locks/LockSupport.unpark",
            "java/lang/Object.wait", "java/lang/Object.notifyAll", "java/lang/ThreadLocal.get",
            "java/lang/ThreadLocal.set", "java/lang/ThreadLocal.remove",
            "java/util/concurrent/ThreadLocalRandom.nextLong", "java/lang/System$Logger.log",
            "java/lang/Runtime.availableProcessors",
            "java/lang/Runtime.addShutdownHook", "java/util/concurrent/ConcurrentHashMap.newKeySet",
            "java/util/concurrent/Executors.newFixedThreadPool",
            "java/util/concurrent/Executors.newCachedThreadPool");

    /** Classes by whose methods threads meet. */
    private static final Set<String> SHARED = Set.of("java/lang/invoke/VarHandle",
            "java/util/concurrent/atomic/AtomicBoolean", "java/util/concurrent/atomic/AtomicInteger",
            "java/util/concurrent/atomic/AtomicLong", "java/util/concurrent/atomic/AtomicReference",
            "java/util/concurrent/ConcurrentLinkedDeque", "java/util/Queue",
            "java/util/concurrent/CopyOnWriteArrayList");

    private static final ClassDesc SET = ClassDesc.of("java.util.Set");
    private static final ClassDesc HASH_SET = ClassDesc.of("java.util.HashSet");
    private static final ClassDesc LINKED_HASH_SET = ClassDesc.of("java.util.LinkedHashSet");

    private Instrumentation() {
    }

    static byte[] transform(byte[] bytes) {
        ClassFile classFile = ClassFile.of();
        ClassModel model = classFile.parse(bytes);
        ClassDesc self = model.thisClass().asSymbol();
        Set<String> volatiles = new HashSet<>();
        for (FieldModel field : model.fields()) {
            if (field.flags().has(AccessFlag.VOLATILE)) {
                volatiles.add(field.fieldName().stringValue());
            }
        }
        return classFile.transformClass(model, (builder, element) -> {
            if (!(element instanceof MethodModel method) || method.code().isEmpty()) {
                builder.with(element);
                return;
            }
            CodeTransform calls = (code, part) -> replace(code, part, volatiles);
            boolean locks = method.flags().has(AccessFlag.SYNCHRONIZED);
            boolean isStatic = method.flags().has(AccessFlag.STATIC);
            CodeTransform all = locks ? new Locking(isStatic ? self : null).andThen(calls) : calls;
            MethodTransform withFlags = (out, part) -> {
                if (locks && part instanceof java.lang.classfile.AccessFlags flags) {
                    out.withFlags(flags.flagsMask() & ~ClassFile.ACC_SYNCHRONIZED);
                } else {
                    out.with(part);
                }
            };
            builder.transformMethod(method, withFlags.andThen(MethodTransform.transformingCode(all)));
        });
    }

    private static void replace(CodeBuilder code, CodeElement part, Set<String> volatiles) {
        switch (part) {
            case InvokeInstruction call -> replaceCall(code, call);
            case MonitorInstruction monitor -> code.invokestatic(HOOKS,
                    monitor.opcode() == Opcode.MONITORENTER ? "monitorEnter" : "monitorExit", ON_OBJECT);
            case FieldInstruction field when volatiles.contains(field.name().stringValue()) -> {
                code.invokestatic(HOOKS, "point", VOID);
                code.with(field);
            }
            case NewObjectInstruction object when object.className().asSymbol().equals(HASH_SET) -> code
                    .new_(LINKED_HASH_SET);
            default -> code.with(part);
        }
    }

    private static void replaceCall(CodeBuilder code, InvokeInstruction call) {
        String owner = call.owner().asInternalName();
        String name = call.name().stringValue();
        ClassDesc played = PLAYED.get(owner);
        if (played != null && call.opcode() == Opcode.INVOKESTATIC) {
            code.invokestatic(played, name, call.typeSymbol());
        } else if (HOOKED.contains(owner + "." + name)) {
            boolean isStatic = call.opcode() == Opcode.INVOKESTATIC;
            // Declared as the JDK's own kind of set, of which nothing but the interface is used.
            MethodTypeDesc type = name.equals("newKeySet") ? MethodTypeDesc.of(SET) : call.typeSymbol();
            code.invokestatic(HOOKS, name,
                    isStatic ? type : type.insertParameterTypes(0, call.owner().asSymbol()));
        } else if (owner.equals("java/util/HashSet") && name.equals("<init>")) {
            code.invokespecial(LINKED_HASH_SET, name, call.typeSymbol());
        } else {
            if (SHARED.contains(owner)) {
                code.invokestatic(HOOKS, "point", VOID);
            }
            code.with(call);
        }
    }

    /** The body of a synchronized method between entering and leaving the monitor. */
    private static final class Locking implements CodeTransform {
        /** The class that a static method locks; null for the object. */
        private final ClassDesc ofClass;
        private Label start;

        Locking(ClassDesc ofClass) {
            this.ofClass = ofClass;
        }

        private void call(CodeBuilder code, String hook) {
            if (ofClass == null) {
                code.aload(0);
            } else {
                code.loadConstant(ofClass);
            }
            code.invokestatic(HOOKS, hook, ON_OBJECT);
        }

        @Override
        public void atStart(CodeBuilder code) {
            call(code, "monitorEnter");
            start = code.newBoundLabel();
        }

        @Override
        public void accept(CodeBuilder code, CodeElement part) {
            if (part instanceof ReturnInstruction) {
                call(code, "monitorExit");
            }
            code.with(part);
        }

        @Override
        public void atEnd(CodeBuilder code) {
            Label end = code.newBoundLabel();
            code.exceptionCatchAll(start, end, end);
            call(code, "monitorExit");
            code.athrow();
        }
    }
}
