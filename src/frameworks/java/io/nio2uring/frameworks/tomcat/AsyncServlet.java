package io.nio2uring.frameworks.tomcat;

import java.io.IOException;
import java.io.UncheckedIOException;

import io.nio2uring.frameworks.Payload;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;

/** Answers later, from a thread that is not the container's, with {@code length} bytes of the payload {@code seed}. */
final class AsyncServlet extends HttpServlet {
    private static final long serialVersionUID = 1;

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) {
        long seed = Long.parseLong(request.getParameter("seed"));
        long length = Long.parseLong(request.getParameter("length"));
        AsyncContext context = request.startAsync();
        Thread.ofVirtual().start(() -> answer(context, seed, length));
    }

    private static void answer(AsyncContext context, long seed, long length) {
        try {
            Payload.stream(seed, length).transferTo(context.getResponse().getOutputStream());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            context.complete();
        }
    }
}
