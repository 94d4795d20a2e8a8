package io.nio2uring.frameworks.tomcat;

import java.io.IOException;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;

/** Sends the body back as it comes, without blocking in either direction. */
final class AsyncEchoServlet extends HttpServlet {
    private static final long serialVersionUID = 1;

    @Override
    protected void doPost(HttpServletRequest request, HttpServletResponse response) throws IOException {
        AsyncContext context = request.startAsync();
        Echo echo = new Echo(context, request.getInputStream(), response.getOutputStream());
        echo.in.setReadListener(echo);
        echo.out.setWriteListener(echo);
    }

    private static final class Echo implements ReadListener, WriteListener {
        private final AsyncContext context;
        private final ServletInputStream in;
        private final ServletOutputStream out;
        private final byte[] bytes = new byte[8192];
        private boolean complete;

        Echo(AsyncContext context, ServletInputStream in, ServletOutputStream out) {
            this.context = context;
            this.in = in;
            this.out = out;
        }

        @Override
        public void onDataAvailable() throws IOException {
            move();
        }

        @Override
        public void onAllDataRead() throws IOException {
            move();
        }

        @Override
        public void onWritePossible() throws IOException {
            move();
        }

        /** The container calls for reading and for writing from any of its threads. */
        private synchronized void move() throws IOException {
            while (!complete && out.isReady()) {
                if (in.isFinished()) {
                    complete = true;
                    context.complete();
                } else if (in.isReady()) {
                    int count = in.read(bytes);
                    if (count > 0) {
                        out.write(bytes, 0, count);
                    }
                } else {
                    return;
                }
            }
        }

        @Override
        public synchronized void onError(Throwable failure) {
            if (!complete) {
                complete = true;
                context.complete();
            }
        }
    }
}
