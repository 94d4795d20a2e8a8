package io.nio2uring;

/** A provider as JMX shows it. */
record ManagedProvider(UringAsynchronousChannelProvider provider) implements ProviderMXBean {
    @Override
    public String getEngine() {
        return provider.statistics().engine();
    }

    @Override
    public String getKernelRelease() {
        return provider.statistics().kernelRelease();
    }

    @Override
    public String getRingFlags() {
        return provider.statistics().ringFlags();
    }

    @Override
    public int getGroups() {
        return provider.statistics().groups();
    }

    @Override
    public int getLoops() {
        return provider.statistics().loops();
    }

    @Override
    public int getChannels() {
        return provider.statistics().channels();
    }

    @Override
    public int getOperationsInFlight() {
        return provider.statistics().operationsInFlight();
    }

    @Override
    public long getSubmitted() {
        return provider.statistics().entriesSubmitted();
    }

    @Override
    public long getCompleted() {
        return provider.statistics().completionsReaped();
    }

    @Override
    public long getEnters() {
        return provider.statistics().enterCalls();
    }

    @Override
    public long getHandOvers() {
        return provider.statistics().handOvers();
    }

    @Override
    public int getBuffersInUse() {
        return provider.statistics().buffersInUse();
    }

    @Override
    public String dump() {
        return provider.dump();
    }
}
