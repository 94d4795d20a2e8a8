package io.nio2uring.registration;

import java.nio.channels.spi.AsynchronousChannelProvider;

/** Prints which provider there is, or each throwable of the chain that it got instead. */
final class ProviderProgram {
    private ProviderProgram() {
    }

    public static void main(String[] args) {
        try {
            System.out.println(AsynchronousChannelProvider.provider().getClass().getName());
        } catch (Throwable thrown) {
            for (Throwable link = thrown; link != null; link = link.getCause()) {
                System.out.println(link.getClass().getName() + ": " + link.getMessage());
            }
        }
    }
}
