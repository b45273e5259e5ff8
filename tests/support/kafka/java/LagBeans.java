import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.time.Instant;
import javax.management.MBeanServer;
import javax.management.ObjectName;

/**
 * A Kafka node that also has the consumer-lag MBeans of Amazon MSK's brokers, which no Apache Kafka has: simulated, with the names,
 * keys and the one attribute that are known of Amazon's, for a group that catches up and stays a little behind. Then it is
 * {@code Node}.
 */
public final class LagBeans {
    public interface GaugeMBean {
        Object getValue();
    }

    /** So much more than {@code last} at the start, and less with every second. */
    public record Gauge(long last, long more) implements GaugeMBean {
        @Override
        public Object getValue() {
            long waited = Duration.between(START, Instant.now()).toSeconds();
            return last + more * Math.max(0, CATCHING_UP.toSeconds() - waited) / CATCHING_UP.toSeconds();
        }
    }

    private static final Instant START = Instant.now();
    private static final Duration CATCHING_UP = Duration.ofMinutes(20);

    public static void main(String[] arguments) throws Exception {
        String group = "groupId=billing,topic=orders.v1";
        register("name=EstimatedMaxTimeLag," + group, 42, 600);
        register("name=MaxOffsetLag," + group, 700, 20_000);
        register("name=SumOffsetLag," + group, 1_200, 60_000);
        for (int partition = 0; partition < 3; partition++) {
            String one = ",groupId=billing,partition=" + partition + ",topic=orders.v1";
            register("name=OffsetLag" + one, 400, 20_000);
            register("name=EstimatedTimeLag" + one, 30, 600);
        }
        Node.main(arguments);
    }

    private static void register(String keys, long last, long more) throws Exception {
        MBeanServer server = ManagementFactory.getPlatformMBeanServer();
        server.registerMBean(new Gauge(last, more), new ObjectName("kafka.consumer.group:type=ConsumerLagMetrics," + keys));
    }
}
