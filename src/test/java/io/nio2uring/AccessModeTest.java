package io.nio2uring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.List;

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
        assertEquals(List.of(mode), CompiledClass.of("io.nio2uring.ring.Cursors").varHandleCalls(method));
    }

    @ParameterizedTest(name = "Baton.{0} uses VarHandle.{1}")
    @CsvSource({"tryTake,compareAndSet", "release,setRelease", "tryEnter,getAcquire"})
    void the_baton_is_taken_with_acquire_and_let_go_with_release(String method, String mode) throws IOException {
        assertEquals(List.of(mode), CompiledClass.of("io.nio2uring.loop.Baton").varHandleCalls(method));
    }

    @ParameterizedTest(name = "{0}.{1} uses VarHandle.{2}")
    @CsvSource({"loop.CommandQueue,push,compareAndSet", "loop.CommandQueue,takeAll,getAndSet",
        "loop.CommandQueue,closeIfEmpty,compareAndSet", "loop.SleepState,awake,compareAndSet",
        "loop.SleepState,rouse,compareAndSet",
        "channel.ChannelState,clear,getAndBitwiseAnd", "channel.ChannelState,change,compareAndSet",
        "ring.SequentialUse,begin,compareAndExchange",
        "ring.SequentialUse,end,setRelease"})
    void what_several_threads_write_changes_by_read_modify_write_only(String className, String method, String mode)
            throws IOException {
        assertEquals(List.of(mode), CompiledClass.of("io.nio2uring." + className).varHandleCalls(method));
    }

    /** A weaker mode by way of a VarHandle is what this forbids; saying that the leader sleeps must be a volatile store. */
    @ParameterizedTest(name = "{0}.{1} names no access mode")
    @CsvSource({"loop.CommandQueue,isEmpty", "loop.SleepState,fallAsleep", "loop.SleepState,isAsleep",
        "loop.Baton,leader", "loop.Baton,isFree", "loop.Baton,appoint", "loop.Baton,resume", "channel.ChannelState,is",
        "channel.ChannelState,flags"})
    void the_other_accesses_are_volatile_ones(String className, String method) throws IOException {
        assertEquals(List.of(), CompiledClass.of("io.nio2uring." + className).varHandleCalls(method));
    }

    @ParameterizedTest(name = "{0}.{1} is volatile")
    @CsvSource({"loop.CommandQueue,head", "loop.SleepState,asleep", "loop.Baton,held", "loop.Baton,leader",
        "loop.EventLoop,closing", "loop.EventLoop,ended", "loop.Pace,stuckDelivery",
        "loop.Pace,spreadingEndTick", "loop.ElasticCrew,pressedUntilTick", "loop.Watcher,nominated",
        "loop.Monitor,asleep", "loop.Monitor,ticks", "loop.Waiters,closed",
        "loop.OperationQueue,size",
        "channel.ChannelState,state", "channel.ChannelOperation,muted", "channel.Settlement,stage",
        "channel.Membership,shutdown", "channel.RingSocketChannel,remoteAddress",
        "channel.RingServerSocketChannel,localAddress", "ring.SetupFlagProbe,cached"})
    void what_is_looked_at_without_a_lock_is_volatile(String className, String field) throws IOException {
        assertTrue(CompiledClass.of("io.nio2uring." + className).hasVolatile(field));
    }

    @ParameterizedTest(name = "{0}.{1} is synchronized")
    @CsvSource({"channel.Settlement,claim", "channel.Settlement,determine", "channel.Settlement,cancelIfPending",
        "channel.Settlement,enlist", "channel.Settlement,delist",
        "channel.Settlement,outcome", "channel.Endpoint,use", "channel.Endpoint,move", "loop.Watcher,start",
        "loop.Monitor,addLoops", "loop.ElasticCrew$Delivery,decide",
        "loop.FixedCrew,pushIdle", "loop.FixedCrew,pollIdle", "loop.FixedCrew,removeIdle"})
    void what_must_not_come_apart_is_done_under_one_lock(String className, String method) throws IOException {
        assertTrue(CompiledClass.of("io.nio2uring." + className).isSynchronized(method));
    }
}
