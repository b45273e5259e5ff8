import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.StringReader;
import java.util.Collections;
import java.util.Properties;
import kafka.server.KafkaConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.utils.AppInfoParser;
import org.apache.kafka.server.config.ConfigSynonym;
import org.apache.kafka.server.config.ServerTopicConfigSynonyms;
import org.apache.kafka.storage.internals.log.LogConfig;

/**
 * What the broker's own configuration definition says: its properties, the topic-level ones with the server properties behind
 * them, whether it takes a value, and whether it takes a whole file.
 *
 * <p>Reads one JSON object with {@code values} ([name, value] each) and {@code files} (texts); writes one.
 */
public final class BrokerDefinition {
    private static final ConfigDef DEFINITION = KafkaConfig.configDef();

    public static void main(String[] arguments) throws IOException {
        ObjectMapper json = new ObjectMapper();
        JsonNode asked = json.readTree(System.in);
        ObjectNode answer = json.createObjectNode();
        answer.put("version", AppInfoParser.getVersion());

        ObjectNode types = answer.putObject("types");
        DEFINITION.configKeys().forEach((name, key) -> types.put(name, key.type.name()));

        ObjectNode topics = answer.putObject("topics");
        for (String name : LogConfig.configNames()) {
            ArrayNode synonyms = topics.putArray(name);
            ServerTopicConfigSynonyms.ALL_TOPIC_CONFIG_SYNONYMS
                .getOrDefault(name, Collections.emptyList())
                .stream().map(ConfigSynonym::name).forEach(synonyms::add);
        }

        ArrayNode values = answer.putArray("values");
        for (JsonNode pair : asked.get("values")) {
            values.add(refusalOfValue(pair.get(0).asText(), pair.get(1).asText()));
        }
        ArrayNode files = answer.putArray("files");
        for (JsonNode text : asked.get("files")) {
            files.add(refusalOfFile(text.asText()));
        }
        System.out.println(json.writeValueAsString(answer));
    }

    /** Why the definition does not take a value; null if it does. */
    private static String refusalOfValue(String name, String value) {
        ConfigDef.ConfigKey key = DEFINITION.configKeys().get(name);
        if (key == null) {
            return "unknown";
        }
        try {
            Object parsed = ConfigDef.parseType(name, value, key.type);
            if (key.validator != null) {
                key.validator.ensureValid(name, parsed);
            }
            return null;
        } catch (ConfigException refused) {
            return refused.getMessage();
        }
    }

    /** Why a broker would not start with a file of server properties; null if it would. */
    private static String refusalOfFile(String text) throws IOException {
        Properties properties = new Properties();
        properties.load(new StringReader(text));
        try {
            new KafkaConfig(properties);
            return null;
        } catch (IllegalArgumentException | ConfigException refused) {
            return refused.getMessage();
        }
    }
}
