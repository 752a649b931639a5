package io.radialnet.sparksql;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.expressions.ExpressionInfo;
import org.apache.spark.sql.classic.Dataset;
import org.apache.spark.sql.execution.HiveResult;
import org.apache.spark.sql.execution.QueryExecution;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import scala.jdk.javaapi.CollectionConverters;

/** What DESCRIBE FUNCTION says, and that it is so. */
@ExtendWith(SparkSessionExtension.class)
class SqlFunctionsTest {

  private static final Pattern EXAMPLE =
      Pattern.compile("> (SELECT .*?;)\n(.*?)(?=\n *> |$)", Pattern.DOTALL);

  private final SparkSession spark;

  SqlFunctionsTest(SparkSession spark) {
    this.spark = spark;
  }

  static Stream<SqlFunction> functions() {
    return SqlFunctions.ALL.stream();
  }

  @ParameterizedTest
  @MethodSource("functions")
  void itsExamplesGiveWhatTheySay(SqlFunction function) {
    checkExamples(function);
  }

  @ParameterizedTest
  @MethodSource("functions")
  void itsExamplesGiveTheSameWithoutAnsiMode(SqlFunction function) {
    spark.conf().set("spark.sql.ansi.enabled", "false");
    try {
      checkExamples(function);
    } finally {
      spark.conf().unset("spark.sql.ansi.enabled");
    }
  }

  @ParameterizedTest
  @MethodSource("functions")
  void isDescribed(SqlFunction function) {
    List<Row> rows = spark.sql("DESCRIBE FUNCTION EXTENDED " + function.name()).collectAsList();

    String text = String.join("\n", rows.stream().map(row -> row.getString(0)).toList());
    assertThat(text)
        .startsWith("Function: " + function.name() + "\n")
        .contains(
            "Usage: " + function.name() + "(", "Arguments:", "Examples:", "Note:", "Since: 0.1.0")
        .doesNotContain("_FUNC_");
  }

  private void checkExamples(SqlFunction function) {
    ExpressionInfo info = function.description()._2();
    Matcher example = EXAMPLE.matcher(info.getExamples().stripTrailing());
    int examples = 0;
    while (example.find()) {
      examples++;
      String expected = example.group(2).stripIndent();
      assertThat(shown(example.group(1).replace(";", ""))).as(example.group(1)).isEqualTo(expected);
    }
    assertThat(examples).isPositive();
    assertThat(info.getExamples().split("\n *> ")).hasSize(examples + 1);
  }

  private String shown(String sql) {
    QueryExecution execution = ((Dataset<?>) spark.sql(sql)).queryExecution();
    return String.join(
        "\n", CollectionConverters.asJava(HiveResult.hiveResultString(execution.executedPlan())));
  }
}
