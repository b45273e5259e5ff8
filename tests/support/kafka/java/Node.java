import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A Kafka node that ends with the tests, whatever ends them: its standard input is a pipe that only their process holds.
 *
 * <p>Arguments: the file of its server properties, its log directory, and the cluster's ID for a directory that is new.
 */
public final class Node {
    public static void main(String[] arguments) throws IOException {
        Thread lifeline = new Thread(Node::haltAtEndOfInput, "lifeline");
        lifeline.setDaemon(true);
        lifeline.start();
        if (!Files.exists(Path.of(arguments[1], "meta.properties"))) {
            String[] format = {"format", "--config", arguments[0], "--cluster-id", arguments[2]};
            int code = kafka.tools.StorageTool.execute(format, System.out);
            if (code != 0) {
                System.exit(code);
            }
        }
        kafka.Kafka.main(new String[] {arguments[0]});
    }

    private static void haltAtEndOfInput() {
        try {
            while (System.in.read() >= 0) {
                // Nothing is ever written to it.
            }
        } catch (IOException gone) {
            System.err.println("standard input: " + gone);
        }
        Runtime.getRuntime().halt(1);
    }
}
