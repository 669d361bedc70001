import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.common.io.BaseEncoding;
import io.trino.Session;
import io.trino.plugin.memory.MemoryPlugin;
import io.trino.spi.TrinoException;
import io.trino.spi.type.RowType;
import io.trino.spi.type.SqlVarbinary;
import io.trino.spi.type.TimeZoneKey;
import io.trino.spi.type.Type;
import io.trino.sql.parser.ParsingException;
import io.trino.testing.LocalQueryRunner;
import io.trino.testing.MaterializedResult;
import io.trino.testing.MaterializedRow;
import io.trino.testing.TestingSession;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Runs statements in Trino's own engine: a line of JSON in, {"id", "sql"}; a line of JSON out, {"id", "types", "rows"} or
 * {"id", "error"}; {"id", "signatures"} asks for every function and operator. Values are written as Athena writes them into a result's CSV. Tables live in the memory connector.
 */
public final class Oracle
{
    private static final ObjectMapper JSON = new ObjectMapper();

    private Oracle() {}

    public static void main(String[] arguments)
            throws Exception
    {
        PrintStream answers = new PrintStream(System.out, true, "UTF-8");
        System.setOut(System.err); // whatever a library says is no answer
        Session session = TestingSession.testSessionBuilder()
                .setCatalog("memory")
                .setSchema("default")
                .setTimeZoneKey(TimeZoneKey.UTC_KEY)
                .build();
        try (LocalQueryRunner runner = LocalQueryRunner.create(session)) {
            runner.installPlugin(new MemoryPlugin());
            runner.createCatalog("memory", "memory", Map.of());
            BufferedReader asked = new BufferedReader(new InputStreamReader(System.in, "UTF-8"));
            for (String line = asked.readLine(); line != null; line = asked.readLine()) {
                JsonNode said = JSON.readTree(line);
                answers.println(JSON.writeValueAsString(said.has("signatures") ? signatures(runner, said) : answer(runner, said)));
            }
        }
        System.exit(0);
    }

    private static ObjectNode signatures(LocalQueryRunner runner, JsonNode asked)
    {
        ObjectNode said = JSON.createObjectNode().put("id", asked.get("id").asText());
        said.set("signatures", Signatures.list(runner));
        return said;
    }

    private static ObjectNode answer(LocalQueryRunner runner, JsonNode asked)
    {
        ObjectNode said = JSON.createObjectNode().put("id", asked.get("id").asText());
        try {
            MaterializedResult result = runner.execute(asked.get("sql").asText());
            ArrayNode types = said.putArray("types");
            result.getTypes().forEach(type -> types.add(type.getDisplayName()));
            ArrayNode rows = said.putArray("rows");
            for (MaterializedRow row : result.getMaterializedRows()) {
                ArrayNode cells = rows.addArray();
                for (int i = 0; i < row.getFieldCount(); i++) {
                    cells.add(text(row.getField(i), result.getTypes().get(i)));
                }
            }
        }
        catch (TrinoException error) {
            refuse(said, error.getErrorCode().getName(), error);
        }
        catch (ParsingException error) {
            refuse(said, "SYNTAX_ERROR", error);
        }
        catch (RuntimeException error) {
            Throwable cause = error.getCause() == null ? error : error.getCause();
            refuse(said, cause instanceof TrinoException known ? known.getErrorCode().getName() : "ORACLE_FAILED", cause);
        }
        return said;
    }

    private static void refuse(ObjectNode said, String name, Throwable error)
    {
        said.remove(List.of("types", "rows"));
        said.putObject("error").put("name", name).put("message", String.valueOf(error.getMessage()));
    }

    private static String text(Object value, Type type)
    {
        if (value == null) {
            return null;
        }
        if (value instanceof SqlVarbinary || value instanceof byte[]) {
            byte[] bytes = value instanceof SqlVarbinary held ? held.getBytes() : (byte[]) value;
            return BaseEncoding.base16().lowerCase().withSeparator(" ", 2).encode(bytes);
        }
        List<Type> inner = type.getTypeParameters();
        if (type instanceof RowType row) {
            List<?> values = value instanceof MaterializedRow given ? given.getFields() : (List<?>) value;
            List<String> fields = new ArrayList<>();
            for (int i = 0; i < values.size(); i++) {
                String name = row.getFields().get(i).getName().orElse("field" + i);
                fields.add(name + "=" + nested(values.get(i), inner.get(i)));
            }
            return "{" + String.join(", ", fields) + "}";
        }
        if (value instanceof List<?> list) {
            return list.stream().map(item -> nested(item, inner.get(0))).collect(Collectors.joining(", ", "[", "]"));
        }
        if (value instanceof Map<?, ?> map) {
            return map.entrySet().stream()
                    .map(entry -> nested(entry.getKey(), inner.get(0)) + "=" + nested(entry.getValue(), inner.get(1)))
                    .collect(Collectors.joining(", ", "{", "}"));
        }
        return value.toString();
    }

    private static String nested(Object value, Type type)
    {
        return value == null ? "null" : text(value, type);
    }
}
