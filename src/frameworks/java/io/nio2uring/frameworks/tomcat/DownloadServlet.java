package io.nio2uring.frameworks.tomcat;

import java.io.IOException;

import io.nio2uring.frameworks.Payload;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;

/** Sends {@code length} bytes of the payload {@code seed}, by blocking writes; chunked where {@code chunked} is given. */
final class DownloadServlet extends HttpServlet {
    private static final long serialVersionUID = 1;

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
        long length = Long.parseLong(request.getParameter("length"));
        if (request.getParameter("chunked") == null) {
            response.setContentLengthLong(length);
        }
        Payload.stream(Long.parseLong(request.getParameter("seed")), length).transferTo(response.getOutputStream());
    }
}
