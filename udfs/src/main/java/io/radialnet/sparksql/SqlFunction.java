package io.radialnet.sparksql;

import static io.radialnet.sparksql.ScalaSeqs.seq;

import java.util.List;
import java.util.function.Function;
import org.apache.spark.sql.catalyst.FunctionIdentifier;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.ExpressionInfo;
import org.apache.spark.sql.errors.QueryCompilationErrors;
import org.apache.spark.unsafe.Platform;
import scala.Function1;
import scala.Tuple3;
import scala.collection.immutable.Seq;

/**
 * A function as a session registers it and {@code DESCRIBE FUNCTION EXTENDED} shows it.
 *
 * @param name its name, all of lower case
 * @param implementation the class of its expressions
 * @param group Spark's heading for it: array_funcs, agg_funcs
 * @param arities the numbers of arguments that it takes, ascending
 * @param expression its expression from its arguments, one of those numbers of them
 * @param docs what it says of itself
 */
record SqlFunction(
    String name,
    Class<? extends Expression> implementation,
    String group,
    List<Integer> arities,
    Function<Seq<Expression>, Expression> expression,
    Docs docs) {

  /**
   * What a function says of itself; {@code _FUNC_} stands for its name.
   *
   * @param usage a call and what it returns, in a sentence or two
   * @param arguments a line each: {@code * name - what it is}
   * @param examples lines of SQL, {@code > SELECT …;}, each followed by what it gives
   * @param note null, NaN, empty and unequal arguments
   */
  record Docs(String usage, String arguments, String examples, String note) {}

  private static final String SINCE = "0.1.0";

  static SqlFunction scalar(ScalarFunction function, List<Integer> arities, Docs docs) {
    return new SqlFunction(
        function.sqlName(),
        ScalarCall.class,
        "array_funcs",
        arities,
        arguments -> new ScalarCall(function, arguments),
        docs);
  }

  /** What {@link org.apache.spark.sql.SparkSessionExtensions#injectFunction} wants. */
  Tuple3<FunctionIdentifier, ExpressionInfo, Function1<Seq<Expression>, Expression>> description() {
    return new Tuple3<>(FunctionIdentifier.apply(name), info(), this::build);
  }

  private Expression build(Seq<Expression> arguments) {
    if (!arities.contains(arguments.size())) {
      Platform.throwException( // An AnalysisException, which Java calls checked.
          QueryCompilationErrors.wrongNumArgsError(
              name, seq(arities), arguments.size(), "", "", ""));
    }
    return expression.apply(arguments);
  }

  private ExpressionInfo info() {
    return new ExpressionInfo(
        implementation.getName(),
        null,
        name,
        docs.usage().strip(),
        section("Arguments:", docs.arguments()),
        section("Examples:", docs.examples()),
        "\n" + docs.note().indent(6) + "  ",
        group,
        SINCE,
        "",
        "scala_udf");
  }

  /** Laid out as Spark lays out its own. */
  private static String section(String title, String lines) {
    return "\n    " + title + "\n" + lines.stripTrailing().indent(6) + "  ";
  }
}
