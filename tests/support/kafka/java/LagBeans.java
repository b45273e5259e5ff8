import java.lang.management.ManagementFactory;
import java.util.Map;
import javax.management.MBeanServer;
import javax.management.ObjectName;

/**
 * A Kafka node that also has the consumer-lag MBeans of Amazon MSK's brokers, which no Apache Kafka has: simulated, with the names,
 * keys and the one attribute that are known of Amazon's. Then it is {@code Node}.
 */
public final class LagBeans {
    public interface GaugeMBean {
        Object getValue();
    }

    public record Gauge(long value) implements GaugeMBean {
        @Override
        public Object getValue() {
            return value;
        }
    }

    public static void main(String[] arguments) throws Exception {
        MBeanServer server = ManagementFactory.getPlatformMBeanServer();
        String group = "groupId=billing,topic=orders.v1";
        for (Map.Entry<String, Long> lag : Map.of("EstimatedMaxTimeLag", 42L, "MaxOffsetLag", 700L, "SumOffsetLag", 1200L).entrySet()) {
            register(server, "name=" + lag.getKey() + "," + group, lag.getValue());
        }
        for (int partition = 0; partition < 3; partition++) {
            String one = ",groupId=billing,partition=" + partition + ",topic=orders.v1";
            register(server, "name=OffsetLag" + one, 400L);
            register(server, "name=EstimatedTimeLag" + one, 30L);
        }
        Node.main(arguments);
    }

    private static void register(MBeanServer server, String keys, long value) throws Exception {
        server.registerMBean(new Gauge(value), new ObjectName("kafka.consumer.group:type=ConsumerLagMetrics," + keys));
    }
}
