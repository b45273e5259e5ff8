import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A Kafka node that ends with the tests.
 *
 * <p>Arguments: the file of its server properties, its log directory, and the cluster's ID for a directory that is new; a broker
 * with ZooKeeper has the ID from there, and formats its directory itself.
 */
public final class Node {
    public static void main(String[] arguments) throws IOException {
        Lifeline.hold();
        boolean hasKraft = Files.readAllLines(Path.of(arguments[0])).stream().anyMatch(line -> line.startsWith("process.roles="));
        if (hasKraft && !Files.exists(Path.of(arguments[1], "meta.properties"))) {
            // An ID may begin with a hyphen: behind the equals sign it is no option.
            String[] format = {"format", "--config", arguments[0], "--cluster-id=" + arguments[2]};
            int code = kafka.tools.StorageTool.execute(format, System.out);
            if (code != 0) {
                System.exit(code);
            }
        }
        kafka.Kafka.main(new String[] {arguments[0]});
    }
}
