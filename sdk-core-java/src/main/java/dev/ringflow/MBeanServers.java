package dev.ringflow;

import java.lang.management.ManagementFactory;
import javax.management.InstanceAlreadyExistsException;
import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.MBeanServerFactory;
import javax.management.ObjectName;
import org.jspecify.annotations.Nullable;

/** All that needs the module {@code java.management}, which need not be there: then each method throws a LinkageError. */
final class MBeanServers {
    private static final String DOMAIN_AND_TYPE = "dev.ringflow:type=Ring,name=";

    private MBeanServers() {}

    /** Whether somebody has made a server. */
    static boolean isThere() {
        return !MBeanServerFactory.findMBeanServer(null).isEmpty();
    }

    /** Shows a ring; answers the name under which it is to be hidden again, or null if that could not be done. */
    static @Nullable String show(String ring, RingMXBean bean) {
        MBeanServer server = ManagementFactory.getPlatformMBeanServer();
        try {
            try {
                return register(server, bean, ring);
            } catch (InstanceAlreadyExistsException otherClassLoader) {
                String suffix = Integer.toHexString(System.identityHashCode(MBeanServers.class.getClassLoader()));
                return register(server, bean, ring + "@" + suffix);
            }
        } catch (JMException e) {
            LoopReports.log(System.Logger.Level.DEBUG, ring + " cannot be shown to JMX", e);
            return null;
        }
    }

    private static String register(MBeanServer server, RingMXBean bean, String ring) throws JMException {
        boolean plain = ring.chars().noneMatch(each -> ",=:\"*?\n".indexOf(each) >= 0);
        ObjectName name = new ObjectName(DOMAIN_AND_TYPE + (plain ? ring : ObjectName.quote(ring)));
        return server.registerMBean(bean, name).getObjectName().getCanonicalName();
    }

    static void hide(String name) {
        try {
            ManagementFactory.getPlatformMBeanServer().unregisterMBean(new ObjectName(name));
        } catch (JMException e) {
            LoopReports.log(System.Logger.Level.DEBUG, name + " is not to be had from JMX any more", e);
        }
    }
}
