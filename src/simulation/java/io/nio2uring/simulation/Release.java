package io.nio2uring.simulation;

import io.nio2uring.abi.Feature;
import io.nio2uring.abi.Opcode;
import io.nio2uring.abi.SetupFlag;

/** What a seed's kernel knows: all that the product uses, or an older one, or one with some of it ported back. */
final class Release {
    private static final int NEEDED_FEATURES =
            Feature.SINGLE_MMAP | Feature.NODROP | Feature.SUBMIT_STABLE | Feature.EXT_ARG | Feature.FAST_POLL;
    private static final int[] OPTIONAL_FEATURES = {Feature.MIN_TIMEOUT, Feature.NO_IOWAIT};
    private static final int NEEDED_FLAGS = SetupFlag.CQSIZE | SetupFlag.SQPOLL | SetupFlag.SQ_AFF;
    private static final int[] OPTIONAL_FLAGS = {SetupFlag.CLAMP, SetupFlag.SUBMIT_ALL, SetupFlag.COOP_TASKRUN,
        SetupFlag.TASKRUN_FLAG, SetupFlag.NO_SQARRAY, SetupFlag.SINGLE_ISSUER, SetupFlag.DEFER_TASKRUN};
    private static final int[] NEEDED_OPCODES =
            {Opcode.ACCEPT, Opcode.CONNECT, Opcode.RECV, Opcode.SEND, Opcode.RECVMSG,
                Opcode.SENDMSG, Opcode.POLL_ADD, Opcode.ASYNC_CANCEL};
    private static final int NONE = -1;

    final int setupFlags;
    final int features;
    /** An operation that the channels cannot do without. */
    private final int missingOpcode;

    Release(Rng rng) {
        boolean older = rng.oneIn(2);
        setupFlags = NEEDED_FLAGS | some(rng, OPTIONAL_FLAGS, older);
        features = NEEDED_FEATURES | some(rng, OPTIONAL_FEATURES, older);
        missingOpcode = rng.oneIn(100) ? rng.pick(NEEDED_OPCODES) : NONE;
    }

    private static int some(Rng rng, int[] bits, boolean older) {
        int sum = 0;
        for (int bit : bits) {
            sum |= older && rng.oneIn(3) ? 0 : bit;
        }
        return sum;
    }

    /** Whether a cancel is the last that happens to its target while a thread sleeps that may be about to go on with it. */
    boolean honoursCancels() {
        return (features & Feature.MIN_TIMEOUT) != 0;
    }

    boolean supports(int opcode) {
        return opcode <= Opcode.LAST && opcode != missingOpcode;
    }

    boolean lacksOpcode() {
        return missingOpcode != NONE;
    }
}
