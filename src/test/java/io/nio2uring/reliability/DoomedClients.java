package io.nio2uring.reliability;

import java.io.InputStream;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;

/** A program that sends on many connections and reads some, until it is killed. Arguments: port, connections. */
final class DoomedClients {
    private DoomedClients() {
    }

    public static void main(String[] args) throws Exception {
        int port = Integer.parseInt(args[0]);
        int count = Integer.parseInt(args[1]);
        List<Socket> sockets = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            sockets.add(new Socket("127.0.0.1", port));
        }
        System.out.println("connected");
        byte[] bytes = new byte[2000];
        while (true) {
            for (int i = 0; i < count; i++) {
                sockets.get(i).getOutputStream().write(bytes);
                InputStream in = sockets.get(i).getInputStream();
                // Some of these read less than what comes, so that their end is a reset.
                in.readNBytes(i % 3 == 0 ? 1999 : 2000);
            }
        }
    }
}
