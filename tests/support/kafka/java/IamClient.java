import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;

/**
 * Asks a cluster for its ID with a client's properties file and prints what came of it: the ID, or the exception's class and
 * message.
 */
public final class IamClient {
    public static void main(String[] arguments) throws IOException, InterruptedException {
        Properties properties = new Properties();
        try (Reader file = Files.newBufferedReader(Path.of(arguments[0]))) {
            properties.load(file);
        }
        try (Admin client = Admin.create(properties)) {
            System.out.println(client.describeCluster().clusterId().get());
        } catch (ExecutionException failed) {
            Throwable cause = failed.getCause();
            System.out.println(cause.getClass().getName() + ": " + cause.getMessage());
        } catch (org.apache.kafka.common.KafkaException failed) {
            for (Throwable cause = failed; cause != null; cause = cause.getCause()) {
                System.out.println(cause.getClass().getName() + ": " + cause.getMessage());
            }
        }
    }
}
