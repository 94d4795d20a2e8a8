package io.nio2uring.diagnostics;

import java.io.IOException;

import com.sun.tools.attach.AttachNotSupportedException;
import com.sun.tools.attach.AttachOperationFailedException;
import com.sun.tools.attach.VirtualMachine;
import javax.management.JMException;
import javax.management.MBeanException;
import javax.management.MBeanServerConnection;
import javax.management.ObjectName;
import javax.management.ReflectionException;
import javax.management.remote.JMXConnector;
import javax.management.remote.JMXConnectorFactory;
import javax.management.remote.JMXServiceURL;

/**
 * Asks another process what is in flight in it, by way of the attach mechanism and JMX.
 *
 * <p>The bean that answers is created for the question. The ones that the process shows by itself appear when something
 * happens in it, and in a process that hangs nothing does.
 */
public final class RemoteDump {
    /** In the other process; not a class literal, since this package is below that one. */
    private static final String BEAN = "io.nio2uring.InFlight";
    private static final String[] MODULES = {"jdk.attach", "java.management.rmi"};

    private RemoteDump() {
    }

    /**
     * Asks.
     *
     * @param pid the other process
     * @return several lines
     * @throws IOException if it cannot be asked; the message says why, for people
     */
    public static String of(long pid) throws IOException {
        for (String module : MODULES) {
            if (ModuleLayer.boot().findModule(module).isEmpty()) {
                throw new IOException(
                        "The module " + module + " is missing here. Take a whole JDK; on the module path, "
                                + "add --add-modules " + String.join(",", MODULES) + ".");
            }
        }
        try (JMXConnector connector = JMXConnectorFactory.connect(new JMXServiceURL(managementAgent(pid)))) {
            return ask(connector.getMBeanServerConnection(), pid);
        }
    }

    private static String managementAgent(long pid) throws IOException {
        VirtualMachine machine;
        try {
            machine = VirtualMachine.attach(Long.toString(pid));
        } catch (AttachNotSupportedException | IOException e) {
            throw new IOException("Cannot attach to process " + pid
                    + ", which has to be a Java process of the same user and in the same container: "
                    + e.getMessage(), e);
        }
        try {
            return machine.startLocalManagementAgent();
        } catch (AttachOperationFailedException e) {
            throw new IOException("Process " + pid + " cannot start its management agent, which needs the module "
                    + "jdk.management.agent: " + e.getMessage(), e);
        } finally {
            machine.detach();
        }
    }

    private static String ask(MBeanServerConnection server, long pid) throws IOException {
        try {
            // Nobody else's: several may ask at once.
            ObjectName name = new ObjectName("io.nio2uring:type=InFlight,name=" + ProcessHandle.current().pid());
            server.createMBean(BEAN, name);
            try {
                return (String) server.invoke(name, "dump", null, null);
            } finally {
                server.unregisterMBean(name);
            }
        } catch (ReflectionException e) {
            throw new IOException(
                    "Process " + pid + " has no nio2-uring on its class path or module path, or one before "
                            + "0.1.0.",
                    e);
        } catch (MBeanException e) {
            throw new IOException("Process " + pid + " could not tell: " + e.getTargetException(), e);
        } catch (JMException e) {
            throw new IOException("Process " + pid + " cannot be asked: " + e, e);
        }
    }
}
