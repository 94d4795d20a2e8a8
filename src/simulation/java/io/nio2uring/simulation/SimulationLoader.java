package io.nio2uring.simulation;

import java.io.IOException;
import java.io.InputStream;
import java.util.Map;
import java.util.function.BiFunction;

/** Loads the product instrumented, and the simulation beside it; all else is the parent's. */
final class SimulationLoader extends ClassLoader {
    private static final String PRODUCT = "io.nio2uring.";
    private static final String SIMULATION = "io.nio2uring.simulation.";

    private SimulationLoader() {
        super("simulation", SimulationLoader.class.getClassLoader());
    }

    /** A {@link Campaign} inside of a loader of its own. */
    @SuppressWarnings("unchecked")
    static BiFunction<Long, Boolean, Map<String, Object>> newCampaign() throws ReflectiveOperationException {
        return (BiFunction<Long, Boolean, Map<String, Object>>) new SimulationLoader()
                .loadClass("io.nio2uring.simulation.Campaign").getConstructor().newInstance();
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
