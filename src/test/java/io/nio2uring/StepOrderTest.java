package io.nio2uring;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The order of steps on which another thread relies, as it is compiled: calls, accesses to fields, and where a lock is
 * taken. Where two steps change places the window is often a few instructions wide, and no test run meets it reliably.
 */
class StepOrderTest {
    @ParameterizedTest(name = "{0}.{1}: {2}")
    @CsvSource({
        // What a driver holds is released by the loop that has it: there is none if something fails after the opening.
        "EventLoop, <init>, (Watcher.<init> SelectorDriver.<init> RingDriver.open )",
        // What is left for the leader comes before the look whether it sleeps, and the leader says so before it looks.
        "EventLoop, execute, (CommandQueue.push EventLoop.wakeUp )",
        // Who could not signal says so before the monitor looks.
        "EventLoop, signal, (Driver.signal AtomicInteger.incrementAndGet Monitor.alert )",
        "EventLoop, close, (put:closing EventLoop.wakeUp Baton.leader Watcher.nominate )",
        "EventLoop, sleep, (SleepState.fallAsleep EventLoop.hasToDo EventLoop.isWanted )",
        // The monitor looks at the loops after it has said that it sleeps; a loop looks at it when it is awake itself.
        "EventLoop, sleep, (SleepState.awake Monitor.alert )+",
        "Monitor, tick, (put:asleep Monitor.anyAwake put:asleep )",
        "Monitor, alert, (put:asleep LockSupport.unpark )", "Monitor, addLoops, (List.addAll Monitor.alert )",
        // Who has been nominated finds the baton free.
        "EventLoop, leaveToWatcher, (Baton.appoint Baton.release EventLoop.wakeClaimant Watcher.nominate )",
        "Watcher, run, (get:nominated put:nominated EventLoop.takeForWatching )",
        "Watcher, nominate, (put:nominated LockSupport.unpark )",
        // A claimant is one of a kind, and says what it wants before it wakes the watcher and looks whether that leads; if
        // it cannot withdraw the claim, it waits to be appointed.
        "EventLoop, claimFromWatcher, (AtomicReference.compareAndSet EventLoop.wakeUp Baton.leader )"
                + "(EventLoop.withdrawClaim EventLoop.leaveToWatcher )+",
        "EventLoop, withdrawClaim, (AtomicReference.compareAndSet Baton.leader )",
        // The watcher accepts a claim before it passes the baton on, wakes whose it was, and looks for one again whenever
        // it has left.
        "EventLoop, watch, (AtomicReference.get AtomicReference.compareAndSet EventLoop.appoint LockSupport.unpark "
                + "EventLoop.wakeClaimant )",
        // An executor may run anything on the thread that calls it, so that one lets go, and looks what is left of its lead.
        "EventLoop, callWorker, (Baton.release Crew.want )(Baton.resume )+(Baton.appoint Baton.release "
                + "EventLoop.wakeClaimant )",
        "EventLoop, wakeClaimant, (AtomicReference.get LockSupport.unpark )",
        // Who takes a loop over looks under the lock whether it is as it seemed, and is not taken for stuck itself.
        "EventLoop, takeFrom, (Baton.tryTake Baton.leader get:ended )(EventLoop.appoint )",
        // Entries that the kernel has not taken are the next leader's, also that of the poll which wakes it.
        "RingDriver, ledBy, (IoUring.pendingSubmissions SlotTable.passOn put:wakeUpArmedBy )",
        "EventLoop, appoint, (Driver.ledBy Baton.appoint Pace.leaderChanged )",
        // A leader has taken and counted what it delivers before another can take the loop over.
        "EventLoop, lead, (OperationQueue.remove Pace.delivering Baton.release Operation.deliver )(Baton.resume )+",
        // Nobody is woken for the end before it can be seen, and no command is accepted after it; a descriptor is closed
        // when the last signal has arrived, and the loop is nobody's when the crew hears of the end.
        "EventLoop, endIfDone, (get:closing Driver.isIdle CommandQueue.closeIfEmpty put:ended )(Driver.close )(Baton.appoint "
                + "Baton.release )(Watcher.wakeUp EventLoop.wakeClaimant Crew.done )",
        "RingDriver, close, (FileCalls.readEventfd FileCalls.close )",
        // A worker that comes takes the mark away first: a request made from then on is for another.
        "EventLoop, claim, (EventLoop.unmarkWanted get:ended EventLoop.wakeUp EventLoop.claimFromWatcher )"
                + "(EventLoop.takeFrom )+",
        // A command may be pushed again as soon as it runs, and those behind it must not be lost if it throws; a cancelled
        // request lets go in the second call.
        "EventLoop, runCommands, (CommandQueue.takeAll put:taken get:next put:taken put:next Command.run )",
        "EventLoop, executeAndSubmit, (Command.run Driver.enter Driver.enter )",
        // The waker finds what was left to it, also when it is about to park or to end.
        "Waiters, leaveToWaker, (AtomicReference.set put:gathered LockSupport.unpark )",
        "Waiters, run, (get:closed AtomicReference.getAndSet AtomicReference.set LockSupport.park )",
        "Waiters, close, (put:closed LockSupport.unpark )"})
    void of_a_loop_and_those_who_lead_it(String className, String method, String order) throws IOException {
        assertOrder("loop." + className, method, order);
    }

    @ParameterizedTest(name = "{0}.{1}: {2}")
    @CsvSource({
        // What is to be done is there before anybody is called for it, and the idle look for it when they can be called.
        "FixedCrew, leaveToSomebody, (FixedCrew.takeOn )(AtomicInteger.incrementAndGet Queue.add FixedCrew.callSomebody )",
        "FixedCrew, want, (EventLoop.markWanted Queue.add FixedCrew.callSomebody )",
        "FixedCrew$FixedWorker, attendOrWait, (FixedCrew.pushIdle Queue.isEmpty Queue.isEmpty FixedCrew.hasEnded "
                + "LockSupport.park FixedCrew.removeIdle )",
        "ElasticCrew, hurry, (Set.add ElasticCrew.rouseSleeper )",
        // Marked before the worker can come, which takes the mark away; and if none will come, taken back.
        "ElasticCrew, want, (EventLoop.markWanted ElasticCrew.call )",
        "ElasticCrew, call, (ExecutorService.execute )(EventLoop.unmarkWanted )+",
        // An outcome that was given away is not the watcher's any more, and one that nobody takes is put back.
        "EventLoop, spreadReady, (EventLoop.takeOutcome EventLoop.dispatch Baton.leader EventLoop.giveUp "
                + "OperationQueue.remove )",
        "EventLoop, takeOutcome, (OperationQueue.remove Operation.detach )(OperationQueue.addFirst )+",
        "EventLoop, dispatch, (Pace.delivering Baton.release Crew.dispatch )"
                + "(Baton.resume Pace.notDelivered OperationQueue.addFirst EventLoop.execute )+",
        // A worker that was ordered can be told from one that has begun: handing it over again leaves that as it is.
        "FixedCrew, start, (FixedCrew.expect FixedCrew.hand )",
        "FixedCrew, expect, (FixedCrew.takeOn )(Queue.add Monitor.alert )",
        "FixedCrew, orderSuccessor, (FixedCrew.expect FixedCrew.handUnlessRefused )",
        "FixedCrew, press, (Queue.peek FixedCrew.handUnlessRefused )",
        // The loops that close may end then, and with the last one the crew.
        "FixedCrew$FixedWorker, runTask, (Queue.poll Runnable.run )(FixedCrew.finished )+",
        "FixedCrew, finished, (AtomicInteger.decrementAndGet FixedCrew.done )",
        "Crew, done, (AtomicInteger.decrementAndGet Monitor.remove Crew.dismiss Runnable.run )"})
    void of_a_crew(String className, String method, String order) throws IOException {
        assertOrder("loop." + className, method, order);
    }

    @ParameterizedTest(name = "{0}.{1}: {2}")
    @CsvSource({
        // The object is the next operation's once the busy flag is cleared; and who is told may begin that operation.
        "ChannelOperation, deliver, (get:handler get:attachment get:failure ChannelOperation.value "
                + "ChannelOperation.free CompletionHandler.completed CompletionHandler.failed )",
        "ChannelOperation, detach, (get:handler get:attachment )(get:failure |ChannelOperation.value )+"
                + "(ChannelOperation.free )",
        "ChannelOperation, free, (put:handler put:attachment put:failure ChannelOperation.reset Endpoint.clear )",
        "ChannelOperation, end, (ChannelOperation.value put:future ChannelOperation.reset Endpoint.clear "
                + "OperationFuture.settle )",
        "ChannelOperation, abandon, (put:future ChannelOperation.reset Endpoint.clear )",
        // The kernel gets a buffer back when its bytes have been copied, and the user's is touched once it is claimed.
        "TransferOperation, takeCompletion, (TransferOperation.takeRead ProvidedBufferRing.address TransferOperation.takeRead )"
                + "(ProvidedBufferRing.recycle )+",
        "TransferOperation, transferred, (Endpoint.isOpen TransferOperation.claim )"
                + "(TransferOperation.copyFrom )+(TransferOperation.advance )(TransferOperation.end )+",
        // No other operation of the kind can begin once anybody knows that this one was cancelled.
        "Settlement, cancelIfPending, (Settlement.withdrawn put:stage Settlement.resumeAll )",
        "Settlement, settle, (Settlement.determine Settlement.resumeAll )",
        "Settlement, determine, (put:value put:failure put:stage Settlement.takeWaiting )",
        // Who waits says so before it looks whether there is something to wait for.
        "Settlement, await, (Settlement.enlist Settlement.isSettled LockSupport.park LockSupport.parkNanos )",
        // A descriptor is closed once, when the kernel has let go, before anybody who waits for that is told.
        "Endpoint, move, (get:released Endpoint.isOpen SocketCalls.recv SocketCalls.send )",
        "Endpoint, releaseIfClosed, (Endpoint.isOpen ChannelOperation.isInKernel "
                + "EventLoop.awaitFileReleases (Endpoint.release )+)",
        "Endpoint, release, '(lock get:released (unlock )?put:released SocketHandle.close Object.notifyAll )(unlock )+"
                + "RingChannelGroup.remove '",
        "Endpoint, hangUp, (get:released SocketHandle.hangUp )",
        // What is being written reaches the socket before its end.
        "Endpoint$Close, run, (Endpoint.startWrite Endpoint.hangUp )(put:closing )+",
        "Endpoint, close, '(Endpoint.markClosed )(Endpoint.hangUp )+(Endpoint.letGo )+'",
        "Endpoint, letGo, (EventLoop.executeAndSubmit )(Endpoint.release )+"})
    void of_a_channel_and_its_operations(String className, String method, String order) throws IOException {
        assertOrder("channel." + className, method, order);
    }

    private static void assertOrder(String className, String method, String order) throws IOException {
        Set<String> named = Pattern.compile("[ ()+*?|]+").splitAsStream(order).filter(step -> !step.isEmpty())
                .collect(Collectors.toCollection(TreeSet::new));
        List<String> steps = CompiledClass.of("io.nio2uring." + className).steps(method);
        assertTrue(steps.containsAll(named), () -> "not all of " + named + " are among " + steps);
        StringBuilder compiled = new StringBuilder();
        steps.stream().filter(named::contains).forEach(step -> compiled.append(step).append(' '));
        assertTrue(compiled.toString().matches(order), compiled::toString);
    }
}
