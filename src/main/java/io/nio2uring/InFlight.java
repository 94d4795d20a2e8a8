package io.nio2uring;

/**
 * What is in flight in this process. A JMX client can create it by its name, with {@code
 * MBeanServerConnection.createMBean}, at any time: also where the process hangs and shows no bean of ours yet.
 */
public final class InFlight implements InFlightMXBean {
    /** Creates the bean; it holds nothing. */
    public InFlight() {
    }

    @Override
    public String dump() {
        StringBuilder text = new StringBuilder();
        for (OpenProviders.Numbered each : OpenProviders.inUse()) {
            text.append("provider ").append(each.number()).append(" on ").append(each.provider().statistics().engine())
                    .append('\n').append(each.provider().dump());
        }
        return text.isEmpty() ? "no group is open\n" : text.toString();
    }
}
