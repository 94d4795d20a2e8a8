package io.nio2uring.frameworks.tomcat;

import java.io.IOException;

import io.nio2uring.frameworks.Payload;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;

/** Reads a body by blocking reads, compares it with the payload {@code seed}, and answers with its length. */
final class UploadServlet extends HttpServlet {
    private static final long serialVersionUID = 1;

    @Override
    protected void doPost(HttpServletRequest request, HttpServletResponse response) throws IOException {
        Payload.Check check = new Payload.Check(Long.parseLong(request.getParameter("seed")));
        request.getInputStream().transferTo(check);
        response.getWriter().print(check.length());
    }
}
