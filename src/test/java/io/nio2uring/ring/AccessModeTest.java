package io.nio2uring.ring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.io.IOException;
import java.io.InputStream;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.CodeElement;
import java.lang.classfile.MethodModel;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.reflect.AccessFlag;
import java.util.List;

import io.nio2uring.loop.Baton;
import io.nio2uring.loop.CommandQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The access modes as they are compiled. On x86-64 a plain load or store behaves like an acquire load or a release store
 * unless a compiler moves it, so there no run, and no jcstress test, shows the difference: this one does.
 */
class AccessModeTest {
    @ParameterizedTest(name = "Cursors.{0} uses VarHandle.{1}")
    @CsvSource({"own,get", "theirs,getAcquire", "publish,setRelease", "publish16,setRelease", "fullFence,fullFence"})
    void each_cursor_method_has_the_access_mode_that_its_partner_in_the_kernel_needs(String method, String mode)
            throws IOException {
        assertEquals(List.of(mode), varHandleCalls(Cursors.class, method));
    }

    @ParameterizedTest(name = "Baton.{0} uses VarHandle.{1}")
    @CsvSource({"tryTake,compareAndSet", "release,setRelease", "tryEnter,getAcquire"})
    void the_baton_is_taken_with_acquire_and_let_go_with_release(String method, String mode) throws IOException {
        assertEquals(List.of(mode), varHandleCalls(Baton.class, method));
    }

    @ParameterizedTest(name = "CommandQueue.{0} uses VarHandle.{1}")
    @CsvSource({"push,compareAndSet", "takeAll,getAndSet", "closeIfEmpty,compareAndSet"})
    void the_head_of_the_command_queue_changes_by_read_modify_write_only(String method, String mode)
            throws IOException {
        assertEquals(List.of(mode), varHandleCalls(CommandQueue.class, method));
    }

    @ParameterizedTest(name = "{0}.{1} is volatile")
    @CsvSource({"io.nio2uring.loop.CommandQueue,head", "io.nio2uring.loop.SleepState,asleep",
        "io.nio2uring.loop.Baton,held", "io.nio2uring.loop.Baton,leader", "io.nio2uring.channel.ChannelState,state",
        "io.nio2uring.channel.Settlement,stage", "io.nio2uring.channel.Membership,shutdown"})
    void what_is_looked_at_without_a_lock_is_volatile(String className, String field) throws Exception {
        assertEquals(1, parse(Class.forName(className)).fields().stream()
                .filter(model -> model.fieldName().equalsString(field) && model.flags().has(AccessFlag.VOLATILE))
                .count());
    }

    /** Else the word is a release store at best, which may come after the look at the command queue. */
    @Test
    void saying_that_the_leader_sleeps_is_a_volatile_store() throws Exception {
        Class<?> sleepState = Class.forName("io.nio2uring.loop.SleepState");
        assertEquals(List.of(), varHandleCalls(sleepState, "fallAsleep"));
        assertEquals(List.of("compareAndSet"), varHandleCalls(sleepState, "awake"));
        assertEquals(List.of("compareAndSet"), varHandleCalls(sleepState, "rouse"));
    }

    private static List<String> varHandleCalls(Class<?> owner, String method) throws IOException {
        List<MethodModel> methods = parse(owner).methods().stream()
                .filter(model -> model.methodName().equalsString(method)).toList();
        assertNotEquals(List.of(), methods, owner + " has no method " + method);
        return methods.stream().flatMap(model -> model.code().orElseThrow().elementStream())
                .filter(AccessModeTest::isVarHandleCall)
                .map(element -> ((InvokeInstruction) element).name().stringValue()).toList();
    }

    private static boolean isVarHandleCall(CodeElement element) {
        return element instanceof InvokeInstruction invoke
                && invoke.owner().asInternalName().equals("java/lang/invoke/VarHandle");
    }

    private static ClassModel parse(Class<?> type) throws IOException {
        try (InputStream bytes = type.getResourceAsStream(type.getSimpleName() + ".class")) {
            return ClassFile.of().parse(bytes.readAllBytes());
        }
    }
}
