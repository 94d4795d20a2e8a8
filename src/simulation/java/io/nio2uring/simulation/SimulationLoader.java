package io.nio2uring.simulation;

import java.io.IOException;
import java.io.InputStream;

/** Loads the product instrumented, and the simulation beside it; all else is the parent's. */
final class SimulationLoader extends ClassLoader {
    private static final String PRODUCT = "io.nio2uring.";
    private static final String SIMULATION = "io.nio2uring.simulation.";

    SimulationLoader() {
        super("simulation", SimulationLoader.class.getClassLoader());
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
        if (!name.startsWith(PRODUCT)) {
            return super.loadClass(name, resolve);
        }
        synchronized (getClassLoadingLock(name)) {
            Class<?> known = findLoadedClass(name);
            return known != null ? known : define(name);
        }
    }

    private Class<?> define(String name) throws ClassNotFoundException {
        try (InputStream in = getParent().getResourceAsStream(name.replace('.', '/') + ".class")) {
            if (in == null) {
                throw new ClassNotFoundException(name);
            }
            byte[] bytes = in.readAllBytes();
            byte[] defined = name.startsWith(SIMULATION) ? bytes : Instrumentation.transform(bytes);
            return defineClass(name, defined, 0, defined.length);
        } catch (IOException e) {
            throw new ClassNotFoundException(name, e);
        }
    }
}
