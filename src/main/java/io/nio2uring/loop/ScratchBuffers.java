package io.nio2uring.loop;

import java.nio.ByteBuffer;

/**
 * Memory that bytes go through on the portable engine when they must not go straight to or from the user's buffer. Each
 * is used for the time of one system call that does not wait, under ownership of the loop.
 */
public final class ScratchBuffers {
    private final int receiveBytes;
    private final int sendBytes;
    private ByteBuffer receiving;
    private ByteBuffer sending;

    ScratchBuffers(int receiveBytes, int sendBytes) {
        this.receiveBytes = receiveBytes;
        this.sendBytes = sendBytes;
    }

    /**
     * Memory for a read.
     *
     * @param lengthBytes how much is wanted at most
     * @return cleared, with a limit of that many bytes or of its size
     */
    public ByteBuffer forRead(int lengthBytes) {
        if (receiving == null) {
            receiving = ByteBuffer.allocateDirect(receiveBytes);
        }
        return receiving.clear().limit(Math.min(lengthBytes, receiveBytes));
    }

    /**
     * Memory for a write.
     *
     * @return cleared
     */
    public ByteBuffer forWrite() {
        if (sending == null) {
            sending = ByteBuffer.allocateDirect(sendBytes);
        }
        return sending.clear();
    }
}
