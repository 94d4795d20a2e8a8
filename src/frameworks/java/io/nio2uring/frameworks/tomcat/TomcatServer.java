package io.nio2uring.frameworks.tomcat;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.Set;
import java.util.logging.Level;
import java.util.logging.Logger;

import io.nio2uring.frameworks.SelfSignedKey;
import jakarta.servlet.http.HttpServlet;
import org.apache.catalina.Context;
import org.apache.catalina.LifecycleException;
import org.apache.catalina.Wrapper;
import org.apache.catalina.connector.Connector;
import org.apache.catalina.core.StandardContext;
import org.apache.catalina.servlets.DefaultServlet;
import org.apache.catalina.startup.Tomcat;
import org.apache.coyote.http11.Http11Nio2Protocol;
import org.apache.tomcat.util.net.SSLHostConfig;
import org.apache.tomcat.util.net.SSLHostConfigCertificate;
import org.apache.tomcat.websocket.server.WsSci;

/** Tomcat with its NIO.2 connector on a free port of the loopback interface, and this package's servlets. */
public final class TomcatServer implements AutoCloseable {
    // Held here, since the logging package forgets the level of a logger that nobody holds.
    private static final Logger LOGGER = Logger.getLogger("org.apache");

    static {
        LOGGER.setLevel(Level.WARNING);
    }

    private final Tomcat tomcat = new Tomcat();
    private final String scheme;

    /**
     * Starts it.
     *
     * @param directory for Tomcat's files
     * @param key       for TLS, or null for plain HTTP
     */
    public TomcatServer(Path directory, SelfSignedKey key) throws LifecycleException {
        this(directory, key, 0);
    }

    TomcatServer(Path directory, SelfSignedKey key, int port) throws LifecycleException {
        scheme = key == null ? "http" : "https";
        tomcat.setBaseDir(directory.toString());
        tomcat.setConnector(connector(key, port));
        StandardContext context = (StandardContext) tomcat.addContext("", directory.toString());
        // Looking for leaks of a web application needs the insides of Java to be opened to it.
        context.setClearReferencesRmiTargets(false);
        context.setClearReferencesThreadLocals(false);
        // A WebSocket is found by a filter, and no filter sees a path that no servlet serves.
        Tomcat.addServlet(context, "default", new DefaultServlet()).addMapping("/");
        add(context, "small", new SmallServlet());
        add(context, "download", new DownloadServlet());
        add(context, "upload", new UploadServlet());
        add(context, "async", new AsyncServlet());
        add(context, "echo", new AsyncEchoServlet());
        context.addServletContainerInitializer(new WsSci(), Set.of(WebSocketEcho.class));
        tomcat.start();
    }

    private static Connector connector(SelfSignedKey key, int port) {
        Connector connector = new Connector(Http11Nio2Protocol.class.getName());
        connector.setProperty("address", "127.0.0.1");
        connector.setPort(port);
        // As many requests on one connection as a client likes, of any size.
        connector.setProperty("maxKeepAliveRequests", "-1");
        connector.setProperty("maxSwallowSize", "-1");
        // A server that cannot listen has not started.
        connector.setThrowOnFailure(true);
        if (key != null) {
            connector.setScheme("https");
            connector.setSecure(true);
            connector.setProperty("SSLEnabled", "true");
            SSLHostConfig host = new SSLHostConfig();
            SSLHostConfigCertificate certificate = new SSLHostConfigCertificate(host,
                    SSLHostConfigCertificate.Type.EC);
            certificate.setCertificateKeystoreFile(key.store().toString());
            certificate.setCertificateKeystorePassword(SelfSignedKey.PASSWORD);
            host.addCertificate(certificate);
            connector.addSslHostConfig(host);
        }
        return connector;
    }

    private static void add(Context context, String name, HttpServlet servlet) {
        Wrapper wrapper = Tomcat.addServlet(context, name, servlet);
        wrapper.setAsyncSupported(true);
        wrapper.addMapping("/" + name);
    }

    /** The port that it listens on. */
    public int port() {
        return tomcat.getConnector().getLocalPort();
    }

    /** Where {@code pathAndQuery} is. */
    public URI http(String pathAndQuery) {
        return URI.create(scheme + "://localhost:" + port() + pathAndQuery);
    }

    /** Where the WebSocket that echoes is. */
    public URI webSocket() {
        return URI.create((scheme.equals("https") ? "wss" : "ws") + "://localhost:" + port() + WebSocketEcho.PATH);
    }

    @Override
    public void close() throws IOException {
        try {
            tomcat.stop();
            tomcat.destroy();
        } catch (LifecycleException e) {
            throw new IOException(e);
        }
    }
}
