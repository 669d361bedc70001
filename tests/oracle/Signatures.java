import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.trino.metadata.GlobalFunctionCatalog;
import io.trino.metadata.OperatorNameUtil;
import io.trino.spi.function.FunctionMetadata;
import io.trino.spi.function.LongVariableConstraint;
import io.trino.spi.function.OperatorType;
import io.trino.spi.function.Signature;
import io.trino.spi.function.TypeVariableConstraint;
import io.trino.testing.LocalQueryRunner;

import java.util.Collection;
import java.util.List;
import java.util.Locale;

/**
 * Every function and operator that Trino has, as its registry holds them: what SHOW FUNCTIONS says, and what it does not say
 * (which arguments repeat, what a type variable must be, how a result's precision is computed, the operators).
 */
final class Signatures
{
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final List<OperatorType> OPERATORS = List.of(
            OperatorType.ADD, OperatorType.SUBTRACT, OperatorType.MULTIPLY, OperatorType.DIVIDE, OperatorType.MODULUS,
            OperatorType.NEGATION, OperatorType.SUBSCRIPT, OperatorType.CAST);

    private Signatures() {}

    static ArrayNode list(LocalQueryRunner runner)
    {
        ArrayNode listed = JSON.createArrayNode();
        GlobalFunctionCatalog catalog = runner.getGlobalFunctionCatalog();
        catalog.listFunctions().stream()
                .filter(function -> !function.getCanonicalName().startsWith("$"))
                .forEach(function -> listed.add(described(function, function.getNames())));
        for (OperatorType operator : OPERATORS) {
            catalog.getBuiltInFunctions(OperatorNameUtil.mangleOperatorName(operator))
                    .forEach(function -> listed.add(described(function, List.of("$" + operator.name().toLowerCase(Locale.ROOT)))));
        }
        return listed;
    }

    private static ObjectNode described(FunctionMetadata function, Collection<String> called)
    {
        Signature signature = function.getSignature();
        ObjectNode told = JSON.createObjectNode();
        ArrayNode names = told.putArray("names");
        called.stream().sorted().forEach(names::add);
        told.put("kind", function.getKind().name().toLowerCase());
        told.put("returns", signature.getReturnType().toString());
        ArrayNode arguments = told.putArray("arguments");
        signature.getArgumentTypes().forEach(type -> arguments.add(type.toString()));
        told.put("variadic", signature.isVariableArity());
        ArrayNode nullable = told.putArray("nullable");
        function.getFunctionNullability().getArgumentNullable().forEach(nullable::add);
        ArrayNode variables = told.putArray("variables");
        for (TypeVariableConstraint variable : signature.getTypeVariableConstraints()) {
            ObjectNode of = variables.addObject().put("name", variable.getName()).put("shown", variable.toString());
            of.put("comparable", variable.isComparableRequired()).put("orderable", variable.isOrderableRequired());
            of.put("kind", variable.getVariadicBound().orElse(null));
            ArrayNode to = of.putArray("castable_to");
            variable.getCastableTo().forEach(type -> to.add(type.toString()));
            ArrayNode from = of.putArray("castable_from");
            variable.getCastableFrom().forEach(type -> from.add(type.toString()));
        }
        ObjectNode numbers = told.putObject("numbers");
        for (LongVariableConstraint number : signature.getLongVariableConstraints()) {
            numbers.put(number.getName(), number.getExpression());
        }
        return told;
    }
}
