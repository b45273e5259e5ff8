import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.StringReader;
import java.util.Collections;
import java.util.List;
import java.util.Properties;
import java.util.Set;
import java.util.stream.Stream;
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
 * <p>Reads one JSON object with {@code values} and {@code topic_values} ([name, value] each) and {@code files} (texts);
 * writes one.
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
        ObjectNode topicTypes = answer.putObject("topic_types");
        LogConfig.configDefCopy().configKeys().forEach((name, key) -> topicTypes.put(name, key.type.name()));

        putDefaults(answer.putObject("defaults"), DEFINITION);
        putDefaults(answer.putObject("topic_defaults"), LogConfig.configDefCopy());

        ArrayNode dynamic = answer.putArray("dynamic");
        dynamicNames().forEach(dynamic::add);

        ObjectNode topics = answer.putObject("topics");
        for (String name : LogConfig.configNames()) {
            ArrayNode synonyms = topics.putArray(name);
            ServerTopicConfigSynonyms.ALL_TOPIC_CONFIG_SYNONYMS
                .getOrDefault(name, Collections.emptyList())
                .stream().map(ConfigSynonym::name).forEach(synonyms::add);
        }

        ArrayNode values = answer.putArray("values");
        for (JsonNode pair : asked.get("values")) {
            values.add(refusalOfValue(DEFINITION, pair.get(0).asText(), pair.get(1).asText()));
        }
        ArrayNode ofTopics = answer.putArray("topic_values");
        for (JsonNode pair : asked.get("topic_values")) {
            ofTopics.add(refusalOfValue(LogConfig.configDefCopy(), pair.get(0).asText(), pair.get(1).asText()));
        }
        ArrayNode files = answer.putArray("files");
        for (JsonNode text : asked.get("files")) {
            files.add(refusalOfFile(text.asText()));
        }
        System.out.println(json.writeValueAsString(answer));
    }

    /** The defaults as a properties file would have them; null where there is none. */
    private static void putDefaults(ObjectNode defaults, ConfigDef definition) {
        definition.configKeys().forEach((name, key) ->
            defaults.put(name, key.hasDefault() ? ConfigDef.convertToString(key.defaultValue, key.type) : null));
    }

    /** What a running broker can change: a Scala set in 3.9, a Java one in another package in 4.x. */
    private static List<String> dynamicNames() {
        try {
            try {
                Class<?> newer = Class.forName("org.apache.kafka.server.config.DynamicBrokerConfig");
                return ((Set<?>) newer.getField("ALL_DYNAMIC_CONFIGS").get(null)).stream().map(Object::toString).sorted().toList();
            } catch (ClassNotFoundException older) {
                Object names = Class.forName("kafka.server.DynamicBrokerConfig").getMethod("AllDynamicConfigs").invoke(null);
                String joined = (String) names.getClass().getMethod("mkString", String.class).invoke(names, ",");
                return Stream.of(joined.split(",")).sorted().toList();
            }
        } catch (ReflectiveOperationException unknown) {
            throw new IllegalStateException("this Kafka keeps its dynamic properties elsewhere", unknown);
        }
    }

    /** Why the definition does not take a value; null if it does. */
    private static String refusalOfValue(ConfigDef definition, String name, String value) {
        ConfigDef.ConfigKey key = definition.configKeys().get(name);
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
