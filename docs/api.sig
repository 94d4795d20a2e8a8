#Signature file v4.1
#Version 0.1.0

CLSS public final io.nio2uring.InFlight
cons public init()
intf io.nio2uring.InFlightMXBean
meth public java.lang.String dump()
supr java.lang.Object

CLSS public abstract interface io.nio2uring.InFlightMXBean
meth public abstract java.lang.String dump()

CLSS public abstract interface io.nio2uring.LoopMXBean
meth public abstract int getBuffersInUse()
meth public abstract int getOperationsInFlight()
meth public abstract int getOperationsToDeliver()
meth public abstract int getOperationsWaiting()
meth public abstract java.lang.String dump()
meth public abstract java.lang.String getRingFlags()
meth public abstract java.lang.String getState()
meth public abstract long getCompleted()
meth public abstract long getEnters()
meth public abstract long getHandOvers()
meth public abstract long getHandlersCalled()
meth public abstract long getSubmitted()

CLSS public abstract interface io.nio2uring.ProviderMXBean
meth public abstract int getBuffersInUse()
meth public abstract int getChannels()
meth public abstract int getGroups()
meth public abstract int getLoops()
meth public abstract int getOperationsInFlight()
meth public abstract java.lang.String dump()
meth public abstract java.lang.String getEngine()
meth public abstract java.lang.String getKernelRelease()
meth public abstract java.lang.String getRingFlags()
meth public abstract long getCompleted()
meth public abstract long getEnters()
meth public abstract long getHandOvers()
meth public abstract long getSubmitted()

CLSS public final io.nio2uring.ProviderStatistics
cons public init(java.lang.String,java.lang.String,java.lang.String,int,long,long,long,long,int,int,int,int)
meth public final boolean equals(java.lang.Object)
meth public final int hashCode()
meth public final java.lang.String toString()
meth public int buffersInUse()
meth public int channels()
meth public int groups()
meth public int loops()
meth public int operationsInFlight()
meth public java.lang.String engine()
meth public java.lang.String kernelRelease()
meth public java.lang.String ringFlags()
meth public long completionsReaped()
meth public long enterCalls()
meth public long entriesSubmitted()
meth public long handOvers()
supr java.lang.Record
hfds buffersInUse,channels,completionsReaped,engine,enterCalls,entriesSubmitted,groups,handOvers,kernelRelease,loops,operationsInFlight,ringFlags

CLSS public final io.nio2uring.UringAsynchronousChannelProvider
cons public init()
meth public io.nio2uring.ProviderStatistics statistics()
meth public java.lang.String dump()
meth public java.nio.channels.AsynchronousChannelGroup openAsynchronousChannelGroup(int,java.util.concurrent.ThreadFactory) throws java.io.IOException
meth public java.nio.channels.AsynchronousChannelGroup openAsynchronousChannelGroup(java.util.concurrent.ExecutorService,int) throws java.io.IOException
meth public java.nio.channels.AsynchronousServerSocketChannel openAsynchronousServerSocketChannel(java.nio.channels.AsynchronousChannelGroup) throws java.io.IOException
meth public java.nio.channels.AsynchronousSocketChannel openAsynchronousSocketChannel(java.nio.channels.AsynchronousChannelGroup) throws java.io.IOException
supr java.nio.channels.spi.AsynchronousChannelProvider
hfds choice,defaultGroup,groups,options

CLSS public final io.nio2uring.ring.Completion
meth public boolean bufferHasMore()
meth public boolean hasMore()
meth public boolean isNotification()
meth public boolean socketNonEmpty()
meth public int bufferId()
meth public int flags()
meth public int result()
meth public java.lang.String toString()
meth public long userData()
supr java.lang.Object
hfds flags,result,userData

CLSS public final io.nio2uring.ring.FileSlot
cons public init(int)
meth public final boolean equals(java.lang.Object)
meth public final int hashCode()
meth public final java.lang.String toString()
meth public int index()
supr java.lang.Record
hfds index

CLSS public final io.nio2uring.ring.IoUring
cons public init(int) throws java.io.IOException
fld public final static int AT_FDCWD = -100
fld public final static int CANCEL_ALL = 1
intf java.lang.AutoCloseable
meth public boolean hasOverflow()
meth public boolean prepAccept(int,java.lang.foreign.MemorySegment,java.lang.foreign.MemorySegment,int,long)
meth public boolean prepAccept(int,long)
meth public boolean prepAccept(int,long,long,int,long)
meth public boolean prepCancel(long,long)
meth public boolean prepCancelFd(int,int,long)
meth public boolean prepClose(int,long)
meth public boolean prepConnect(int,java.lang.foreign.MemorySegment,long)
meth public boolean prepConnect(int,long,int,long)
meth public boolean prepFsync(int,boolean,long)
meth public boolean prepMsgRing(int,int,long,long)
meth public boolean prepMultishotAccept(int,long)
meth public boolean prepNop(long)
meth public boolean prepOpenat(int,java.lang.foreign.MemorySegment,int,int,long)
meth public boolean prepOpenat(int,long,int,int,long)
meth public boolean prepPollAdd(int,int,boolean,long)
meth public boolean prepRead(int,java.lang.foreign.MemorySegment,long,long)
meth public boolean prepRead(int,long,int,long,long)
meth public boolean prepReadv(int,java.lang.foreign.MemorySegment,int,long,long)
meth public boolean prepReadv(int,long,int,long,long)
meth public boolean prepRecv(int,java.lang.foreign.MemorySegment,int,long)
meth public boolean prepRecv(int,long,int,int,long)
meth public boolean prepRecvMultishot(int,int,long)
meth public boolean prepRecvMultishotFixed(io.nio2uring.ring.FileSlot,int,long)
meth public boolean prepRecvSelect(int,int,int,int,long)
meth public boolean prepRecvmsg(int,java.lang.foreign.MemorySegment,int,long)
meth public boolean prepRecvmsg(int,long,int,long)
meth public boolean prepSend(int,java.lang.foreign.MemorySegment,int,long)
meth public boolean prepSend(int,long,int,int,long)
meth public boolean prepSendZeroCopy(int,java.lang.foreign.MemorySegment,int,long)
meth public boolean prepSendZeroCopy(int,long,int,int,long)
meth public boolean prepSendmsg(int,java.lang.foreign.MemorySegment,int,long)
meth public boolean prepSendmsg(int,long,int,long)
meth public boolean prepShutdown(int,int,long)
meth public boolean prepTimeout(long,long)
meth public boolean prepWrite(int,java.lang.foreign.MemorySegment,long,long)
meth public boolean prepWrite(int,long,int,long,long)
meth public boolean prepWriteFixed(io.nio2uring.ring.FileSlot,java.lang.foreign.MemorySegment,long,long)
meth public boolean prepWriteFixed(io.nio2uring.ring.FileSlot,long,int,long,long)
meth public boolean prepWritev(int,java.lang.foreign.MemorySegment,int,long,long)
meth public boolean prepWritev(int,long,int,long,long)
meth public boolean registerRingFd()
meth public int completionEntries()
meth public int fd()
meth public int features()
meth public int forEachCompletion(java.util.function.Consumer<? super io.nio2uring.ring.Completion>)
meth public int pendingSubmissions()
meth public int readyCompletions()
meth public int setupFlags()
meth public int submissionEntries()
meth public int submit() throws java.io.IOException
meth public int submitAndWait(int) throws java.io.IOException
meth public int submitAndWait(int,long) throws java.io.IOException
meth public int submitAndWait(int,long,int) throws java.io.IOException
meth public io.nio2uring.ring.ProvidedBufferRing registerBufRing(int,int,int) throws java.io.IOException
meth public io.nio2uring.ring.ProvidedBufferRing registerIncrementalBufRing(int,int,int) throws java.io.IOException
meth public io.nio2uring.ring.RingProbe probe() throws java.io.IOException
meth public java.lang.String toString()
meth public long enterCalls()
meth public long lostCompletions()
meth public long reapedCompletions()
meth public long submittedEntries()
meth public static int supportedSetupFlags(int)
meth public static io.nio2uring.ring.IoUring newSqpoll(int,int) throws java.io.IOException
meth public static io.nio2uring.ring.IoUring newSqpoll(int,int,int) throws java.io.IOException
meth public static io.nio2uring.ring.IoUring open(io.nio2uring.ring.RingParameters) throws java.io.IOException
meth public void awaitFileReleases() throws java.io.IOException
meth public void close()
meth public void registerFilesSparse(int) throws java.io.IOException
meth public void registerNapi(int) throws java.io.IOException
meth public void updateFileSlot(int,int) throws java.io.IOException
supr java.lang.Object
hfds arguments,completion,completions,deferred,deferredUntold,endedOperations,getEvents,issuer,iterating,memory,reapedCompletions,sqpoll,submittedEntries

CLSS public final io.nio2uring.ring.ProvidedBufferRing
fld public final static int MAX_ENTRIES = 32768
intf java.lang.AutoCloseable
meth public int bufferSizeBytes()
meth public int entries()
meth public int group()
meth public java.lang.foreign.MemorySegment bytes(int,int)
meth public java.lang.foreign.MemorySegment bytes(int,int,int)
meth public long address(int)
meth public void close()
meth public void recycle(int)
supr java.lang.Object
hfds arena,bufferSizeBytes,buffers,closed,entries,group,queue,ringFd,use

CLSS public final io.nio2uring.ring.RingParameters
cons public init(int,int,int,int,int)
fld public final static int CLAMP = 16
fld public final static int COOP_TASKRUN = 256
fld public final static int DEFER_TASKRUN = 8192
fld public final static int MAX_COMPLETION_ENTRIES = 65536
fld public final static int MAX_ENTRIES = 32768
fld public final static int NO_SQARRAY = 65536
fld public final static int SINGLE_ISSUER = 4096
fld public final static int SQPOLL = 2
fld public final static int SUBMIT_ALL = 128
fld public final static int TASKRUN_FLAG = 512
meth public final boolean equals(java.lang.Object)
meth public final int hashCode()
meth public final java.lang.String toString()
meth public int completionEntries()
meth public int entries()
meth public int setupFlags()
meth public int sqThreadCpu()
meth public int sqThreadIdleMillis()
meth public io.nio2uring.ring.RingParameters withCompletionEntries(int)
meth public io.nio2uring.ring.RingParameters withSetupFlags(int)
meth public io.nio2uring.ring.RingParameters withSqpoll(int,int)
meth public static io.nio2uring.ring.RingParameters of(int)
meth public static java.lang.String flagNames(int)
supr java.lang.Record
hfds KNOWN_FLAGS,completionEntries,entries,setupFlags,sqThreadCpu,sqThreadIdleMillis

CLSS public final io.nio2uring.ring.RingProbe
meth public boolean supports(int)
meth public java.lang.String toString()
supr java.lang.Object
hfds supported

CLSS abstract interface io.nio2uring.ring.package-info

CLSS public abstract interface java.lang.AutoCloseable
meth public abstract void close() throws java.lang.Exception

CLSS public java.lang.Object
cons public init()
meth protected java.lang.Object clone() throws java.lang.CloneNotSupportedException
meth protected void finalize() throws java.lang.Throwable
 anno 0 java.lang.Deprecated(boolean forRemoval=true, java.lang.String since="9")
meth public boolean equals(java.lang.Object)
meth public final java.lang.Class<?> getClass()
meth public final void notify()
meth public final void notifyAll()
meth public final void wait() throws java.lang.InterruptedException
meth public final void wait(long) throws java.lang.InterruptedException
meth public final void wait(long,int) throws java.lang.InterruptedException
meth public int hashCode()
meth public java.lang.String toString()

CLSS public abstract java.lang.Record
cons protected init()
meth public abstract boolean equals(java.lang.Object)
meth public abstract int hashCode()
meth public abstract java.lang.String toString()
supr java.lang.Object

CLSS public abstract java.nio.channels.spi.AsynchronousChannelProvider
cons protected init()
meth public abstract java.nio.channels.AsynchronousChannelGroup openAsynchronousChannelGroup(int,java.util.concurrent.ThreadFactory) throws java.io.IOException
meth public abstract java.nio.channels.AsynchronousChannelGroup openAsynchronousChannelGroup(java.util.concurrent.ExecutorService,int) throws java.io.IOException
meth public abstract java.nio.channels.AsynchronousServerSocketChannel openAsynchronousServerSocketChannel(java.nio.channels.AsynchronousChannelGroup) throws java.io.IOException
meth public abstract java.nio.channels.AsynchronousSocketChannel openAsynchronousSocketChannel(java.nio.channels.AsynchronousChannelGroup) throws java.io.IOException
meth public static java.nio.channels.spi.AsynchronousChannelProvider provider()
supr java.lang.Object
hcls ProviderHolder

