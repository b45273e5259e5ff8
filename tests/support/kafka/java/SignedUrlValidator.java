import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import javax.security.auth.callback.Callback;
import javax.security.auth.callback.UnsupportedCallbackException;
import javax.security.auth.login.AppConfigurationEntry;
import org.apache.kafka.common.security.auth.AuthenticateCallbackHandler;
import org.apache.kafka.common.security.oauthbearer.OAuthBearerToken;
import org.apache.kafka.common.security.oauthbearer.OAuthBearerValidatorCallback;

/**
 * Stands in for Amazon MSK where clients prove by OAUTHBEARER who they are in IAM: the token is no JWT but a presigned URL, in
 * base64url, of the action kafka-cluster:Connect.
 *
 * <p>It knows one access key, and computes the signature again as the AWS General Reference, "Signature Version 4", says. It
 * knows no roles, sessions and policies: who has the key may connect, and is the key's ID for the broker.
 *
 * <p>Server properties: {@code simulated.iam.region}, {@code simulated.iam.access.key.id} and
 * {@code simulated.iam.secret.access.key}.
 */
public final class SignedUrlValidator implements AuthenticateCallbackHandler {
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);
    private static final String SERVICE = "kafka-cluster";
    // The signer adds itself after it has signed.
    private static final Set<String> UNSIGNED = Set.of("X-Amz-Signature", "User-Agent");

    private String region;
    private String keyId;
    private String secret;

    @Override
    public void configure(Map<String, ?> configs, String mechanism, List<AppConfigurationEntry> login) {
        region = (String) configs.get("simulated.iam.region");
        keyId = (String) configs.get("simulated.iam.access.key.id");
        secret = (String) configs.get("simulated.iam.secret.access.key");
    }

    @Override
    public void handle(Callback[] callbacks) throws UnsupportedCallbackException {
        for (Callback callback : callbacks) {
            if (!(callback instanceof OAuthBearerValidatorCallback)) {
                throw new UnsupportedCallbackException(callback);
            }
            OAuthBearerValidatorCallback asked = (OAuthBearerValidatorCallback) callback;
            try {
                asked.token(validated(asked.tokenValue()));
            } catch (Refused | GeneralSecurityException | RuntimeException refused) {
                asked.error(refused.getMessage(), null, null);
            }
        }
    }

    @Override
    public void close() {
        // Holds nothing.
    }

    private OAuthBearerToken validated(String value) throws Refused, GeneralSecurityException {
        URI url = URI.create(new String(Base64.getUrlDecoder().decode(value), StandardCharsets.UTF_8));
        expect("scheme", url.getScheme(), "https");
        expect("host", url.getHost(), "kafka." + region + ".amazonaws.com");
        expect("path", url.getRawPath(), "/");
        TreeMap<String, String> query = new TreeMap<>();
        for (String pair : url.getRawQuery().split("&")) {
            String[] both = pair.split("=", 2);
            query.put(both[0], both[1]);
        }
        String time = query.getOrDefault("X-Amz-Date", "");
        String scope = String.join("/", time.split("T")[0], region, SERVICE, "aws4_request");
        expect("action", query.get("Action"), SERVICE + "%3AConnect");
        expect("algorithm", query.get("X-Amz-Algorithm"), "AWS4-HMAC-SHA256");
        expect("signed headers", query.get("X-Amz-SignedHeaders"), "host");
        expect("credential", query.get("X-Amz-Credential"), (keyId + "/" + scope).replace("/", "%2F"));
        expect("signature", query.get("X-Amz-Signature"), signature(url.getHost(), query, time, scope));
        Instant signed = Instant.from(TIME.parse(time));
        Instant ends = signed.plusSeconds(Long.parseLong(query.get("X-Amz-Expires")));
        if (!ends.isAfter(Instant.now())) {
            throw new Refused("expired at " + ends);
        }
        return new Token(value, keyId, signed.toEpochMilli(), ends.toEpochMilli());
    }

    private String signature(String host, Map<String, String> query, String time, String scope) throws GeneralSecurityException {
        String signed = query.entrySet().stream()
                .filter(entry -> !UNSIGNED.contains(entry.getKey()))
                .map(entry -> entry.getKey() + "=" + entry.getValue())
                .collect(Collectors.joining("&"));
        String request = String.join("\n", "GET", "/", signed, "host:" + host, "", "host", sha256(""));
        String text = String.join("\n", "AWS4-HMAC-SHA256", time, scope, sha256(request));
        byte[] key = ("AWS4" + secret).getBytes(StandardCharsets.UTF_8);
        for (String part : Arrays.asList(scope.split("/"))) {
            key = hmac(key, part);
        }
        return HexFormat.of().formatHex(hmac(key, text));
    }

    private static String sha256(String text) throws GeneralSecurityException {
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
    }

    private static byte[] hmac(byte[] key, String text) throws GeneralSecurityException {
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(key, "HmacSHA256"));
        return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
    }

    private static void expect(String what, String found, String expected) throws Refused {
        if (!expected.equals(found)) {
            throw new Refused("another " + what + " than expected");
        }
    }

    private static final class Refused extends Exception {
        private static final long serialVersionUID = 1L;

        Refused(String why) {
            super(why);
        }
    }

    private record Token(String value, String principalName, long started, long lifetimeMs) implements OAuthBearerToken {
        @Override
        public Set<String> scope() {
            return Set.of();
        }

        @Override
        public Long startTimeMs() {
            return started;
        }
    }
}
