package io.radialnet.sparksql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.radialnet.error.UserException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.spark.SparkException;
import org.apache.spark.sql.AnalysisException;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** The functions of one row on columns of a table that no optimizer can see through. */
@ExtendWith(SparkSessionExtension.class)
class ScalarCallTest {

  private static final float NAN = Float.NaN;
  private static final float INF = Float.POSITIVE_INFINITY;

  private static final Map<String, String> RESULTS =
      Map.ofEntries(
          Map.entry("radial_ratio(array(3F, 4F * h / h), array(6F, 8F))", "0.5"),
          Map.entry("radial_ratio(a, a)", "1.0"),
          Map.entry("round(radial_ratio(a, d), 6)", "1.0"),
          Map.entry("radial_ratio(a, none)", "null"),
          Map.entry("radial_ratio(none, a)", "null"),
          Map.entry("radial_ratio(a, with_null)", "null"),
          Map.entry("radial_ratio(empty, empty)", "NaN"),
          Map.entry("radial_ratio(a, odd)", "NaN"),
          Map.entry("radial_ratio(array(1F, h), array(float('inf'), h))", "0.0"),
          Map.entry("radial_ratio(array(float('inf'), h), array(1F, h))", "Infinity"),
          Map.entry("radial_ratio(array(float('inf'), h), array(float('inf'), h))", "NaN"),
          Map.entry("radial_ratio_in(array(3F, 0 * h), array(7F, 0 * h))", "0.75"),
          Map.entry("radial_ratio_in(a, a)", "Infinity"),
          Map.entry("radial_ratio_in(none, a)", "null"),
          Map.entry("radial_ratio_in(with_null, a)", "null"),
          Map.entry("radial_ratio_in(empty, empty)", "NaN"),
          Map.entry("radial_ratio_in(odd, a)", "NaN"),
          Map.entry("radial_ratio_in(array(1F, h), array(float('inf'), h))", "0.0"),
          Map.entry("radial_ratio_in(array(float('inf'), h), array(1F, h))", "NaN"),
          Map.entry("radial_blocks_under(a, h)", "1"),
          Map.entry("radial_blocks_under(d, h)", "1"),
          Map.entry("radial_blocks_under(a, 1)", "3"),
          Map.entry("radial_blocks_under(with_null, h)", "1"),
          Map.entry("radial_blocks_under(odd, h)", "1"),
          Map.entry("radial_blocks_under(a, double('NaN') * h)", "0"),
          Map.entry("radial_blocks_under(a, double('inf') * h)", "3"),
          Map.entry("radial_blocks_under(empty, h)", "0"),
          Map.entry("radial_blocks_under(none, h)", "null"),
          Map.entry("radial_blocks_under(a, if(h > 0, null, h))", "null"),
          Map.entry("radial_dynamic_depth(a, h)", "2"),
          Map.entry("radial_dynamic_depth(a, m, h)", "4"),
          Map.entry("radial_dynamic_depth(d, m, h)", "4"),
          Map.entry("radial_dynamic_depth(with_null, h)", "1"),
          Map.entry("radial_dynamic_depth(odd, h)", "2"),
          Map.entry("radial_dynamic_depth(a, double('NaN') * h)", "3"),
          Map.entry("radial_dynamic_depth(empty, empty, h)", "0"),
          Map.entry("radial_dynamic_depth(none, m, h)", "null"),
          Map.entry("radial_dynamic_depth(a, none, h)", "null"),
          Map.entry("radial_dynamic_depth(a, m, if(h > 0, null, h))", "null"),
          Map.entry(
              "to_json(radial_long(a, m))",
              """
                [{"layer":0,"block":"attn","ratio":0.9},{"layer":0,"block":"mlp","ratio":0.5},\
                {"layer":1,"block":"attn","ratio":0.05},{"layer":1,"block":"mlp","ratio":0.2},\
                {"layer":2,"block":"attn","ratio":0.1},{"layer":2,"block":"mlp","ratio":0.01}]"""),
          Map.entry("size(radial_long(a, m, l))", "9"),
          Map.entry(
              "to_json(radial_long(a, m, l)[5])",
              "{\"layer\":1,\"block\":\"layer\",\"ratio\":0.2}"),
          Map.entry(
              "to_json(radial_long(none, d, null))",
              """
                [{"layer":0,"block":"mlp","ratio":0.9},{"layer":1,"block":"mlp","ratio":0.05},\
                {"layer":2,"block":"mlp","ratio":0.1}]"""),
          Map.entry("radial_long(with_null, none)[1].ratio", "null"),
          Map.entry("radial_long(with_null, none)[2].layer", "2"),
          Map.entry("transform(radial_long(none, odd), x -> x.ratio)", "[NaN,Infinity,-Infinity]"),
          Map.entry("size(radial_long(empty, empty, empty))", "0"),
          Map.entry("size(radial_long(none, none, none))", "0"));

  /** How Spark computes an expression. */
  enum Mode {
    WHOLE_STAGE("true", "CODEGEN_ONLY"),
    GENERATED("false", "CODEGEN_ONLY"),
    INTERPRETED("false", "NO_CODEGEN");

    private final String wholeStage;
    private final String factory;

    Mode(String wholeStage, String factory) {
      this.wholeStage = wholeStage;
      this.factory = factory;
    }

    void set(SparkSession spark) {
      spark.conf().set("spark.sql.codegen.wholeStage", wholeStage);
      spark.conf().set("spark.sql.codegen.factoryMode", factory);
    }
  }

  private final SparkSession spark;

  ScalarCallTest(SparkSession spark) {
    this.spark = spark;
  }

  @BeforeEach
  void createTable() {
    DataType floats = DataTypes.createArrayType(DataTypes.FloatType);
    StructType schema =
        new StructType()
            .add("a", floats)
            .add("m", floats)
            .add("l", floats)
            .add("odd", floats)
            .add("with_null", floats)
            .add("none", floats)
            .add("empty", floats)
            .add("d", DataTypes.createArrayType(DataTypes.DoubleType))
            .add("h", DataTypes.DoubleType)
            .add("text", DataTypes.StringType)
            .add("texts", DataTypes.createArrayType(DataTypes.StringType));
    Row row =
        RowFactory.create(
            new float[] {0.9f, 0.05f, 0.1f},
            new float[] {0.5f, 0.2f, 0.01f},
            new float[] {1, 0.2f, 0.1f},
            new float[] {NAN, INF, -INF},
            new Float[] {0.05f, null, 0.5f},
            null,
            new float[] {},
            new double[] {0.9, 0.05, 0.1},
            0.06,
            "text",
            new String[] {"x"});
    spark.createDataFrame(List.of(row), schema).repartition(2).createOrReplaceTempView("t");
  }

  @AfterEach
  void restore() {
    spark.conf().unset("spark.sql.codegen.wholeStage");
    spark.conf().unset("spark.sql.codegen.factoryMode");
  }

  @ParameterizedTest
  @EnumSource
  void givesTheSameInEveryWayThatSparkComputes(Mode mode) {
    mode.set(spark);

    assertThat(valuesOf(RESULTS.keySet())).containsExactlyInAnyOrderEntriesOf(RESULTS);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          radial_ratio(a, empty)            | Cannot compute radial_ratio: update has 3 elements and output has 0.
          radial_ratio_in(empty, a)         | Cannot compute radial_ratio_in: update has 0 elements and output has 3.
          radial_dynamic_depth(a, empty, h) | Cannot compute radial_dynamic_depth: attn_ratio has 3 elements and mlp_ratio has 0.
          radial_long(none, a, empty)       | Cannot compute radial_long: mlp_ratio has 3 elements and layer_ratio has 0.
          radial_long(a, none, empty)       | Cannot compute radial_long: attn_ratio has 3 elements and layer_ratio has 0.
          """)
  void arraysOfUnequalLengthsAreAnErrorThatNamesThem(String sql, String message) {
    for (Mode mode : Mode.values()) {
      mode.set(spark);
      assertThatThrownBy(() -> select(sql).collectAsList())
          .isInstanceOf(SparkException.class)
          .rootCause()
          .isInstanceOf(UserException.class)
          .hasMessage(message + " Pass arrays of one length, of one token of one model.");
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          radial_ratio(text, a)              | first  | ARRAY<DOUBLE>                | text  | STRING
          radial_ratio(a, h)                 | second | ARRAY<DOUBLE>                | h     | DOUBLE
          radial_ratio_in(a, texts[0])       | second | ARRAY<DOUBLE>                | texts[0] | STRING
          radial_blocks_under(h, h)          | first  | ARRAY<DOUBLE>                | h     | DOUBLE
          radial_blocks_under(a, a)          | second | DOUBLE                       | a     | ARRAY<FLOAT>
          radial_dynamic_depth(a, h, h)      | second | ARRAY<DOUBLE>                | h     | DOUBLE
          radial_dynamic_depth(a, m, l)      | third  | DOUBLE                       | l     | ARRAY<FLOAT>
          radial_long(a, m, true)            | third  | ARRAY<DOUBLE>                | true  | BOOLEAN
          radial_kll_build(map(1, 2))        | first  | DOUBLE                       | map(1, 2) | MAP<INT, INT>
          radial_kll_build(true)             | first  | DOUBLE                       | true  | BOOLEAN
          radial_kll_build(h, a)             | second | INT                          | a     | ARRAY<FLOAT>
          radial_kll_merge(h)                | first  | BINARY                       | h     | DOUBLE
          radial_kll_quantile(h, 0.5)        | first  | BINARY                       | h     | DOUBLE
          radial_kll_quantile(x'00', true)   | second | DOUBLE                       | true  | BOOLEAN
          radial_kll_rank(x'00', a)          | second | DOUBLE                       | a     | ARRAY<FLOAT>
          radial_kll_n(a)                    | first  | BINARY                       | a     | ARRAY<FLOAT>
          radial_kll_error(1)                | first  | BINARY                       | 1     | INT
          """)
  void argumentsOfWrongTypesAreNamedByTheAnalyzer(
      String sql, String ordinal, String required, String argument, String type) {
    assertThatThrownBy(() -> select(sql))
        .isInstanceOf(AnalysisException.class)
        .hasMessageContaining("[DATATYPE_MISMATCH.UNEXPECTED_INPUT_TYPE] Cannot resolve \"radial_")
        .hasMessageContaining("The " + ordinal + " parameter requires the ")
        .hasMessageContaining("\"" + required + "\"")
        .hasMessageContaining("however \"" + argument + "\" has the type \"" + type + "\"");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          radial_ratio(a)                     | `radial_ratio` requires 2 parameters but the actual number is 1
          radial_ratio_in(a, a, a)            | `radial_ratio_in` requires 2 parameters but the actual number is 3
          radial_blocks_under()               | `radial_blocks_under` requires 2 parameters but the actual number is 0
          radial_dynamic_depth(a)             | `radial_dynamic_depth` requires [2, 3] parameters but the actual number is 1
          radial_long(a)                      | `radial_long` requires [2, 3] parameters but the actual number is 1
          radial_kll_build(h, 8, 8)           | `radial_kll_build` requires [1, 2] parameters but the actual number is 3
          radial_kll_merge()                  | `radial_kll_merge` requires 1 parameters but the actual number is 0
          radial_kll_quantile(h)              | `radial_kll_quantile` requires 2 parameters but the actual number is 1
          radial_kll_rank(h)                  | `radial_kll_rank` requires 2 parameters but the actual number is 1
          radial_kll_n()                      | `radial_kll_n` requires 1 parameters but the actual number is 0
          radial_kll_error(h, h)              | `radial_kll_error` requires 1 parameters but the actual number is 2
          """)
  void theNumberOfArgumentsIsChecked(String sql, String message) {
    assertThatThrownBy(() -> select(sql))
        .isInstanceOf(AnalysisException.class)
        .hasMessageContaining("[WRONG_NUM_ARGS.WITHOUT_SUGGESTION]")
        .hasMessageContaining(message);
  }

  @Test
  void columnsAreNamedAsTheyWereWritten() {
    assertThat(select("radial_dynamic_depth(a, m, h)").columns())
        .containsExactly("radial_dynamic_depth(a, m, h)");
  }

  @Test
  void constantsAreFolded() {
    String plan =
        spark
            .sql("SELECT radial_ratio(array(3, 4), array(6, 8)) AS r FROM t")
            .queryExecution()
            .optimizedPlan()
            .toString();

    assertThat(plan).contains("0.5 AS r").doesNotContain("radial_ratio");
  }

  @Test
  void isPartOfAWholeStage() {
    String plan =
        spark
            .range(3)
            .selectExpr("radial_dynamic_depth(array(id), 1)")
            .queryExecution()
            .executedPlan()
            .toString();

    assertThat(plan).contains("*(1) Project [radial_dynamic_depth(");
  }

  @Test
  void longFormExplodesInPlace() {
    List<Row> rows =
        spark
            .sql(
                """
                SELECT block, count(*), max(layer), round(sum(ratio), 2)
                FROM t LATERAL VIEW inline(radial_long(a, m, l)) AS layer, block, ratio
                GROUP BY block ORDER BY block""")
            .collectAsList();

    assertThat(rows)
        .extracting(Row::toString)
        .containsExactly("[attn,3,2,1.05]", "[layer,3,2,1.3]", "[mlp,3,2,0.71]");
  }

  @Test
  void manyPartitionsGiveWhatSparksOwnFunctionsGive() {
    Row sums =
        spark
            .sql(
                """
                SELECT sum(radial_blocks_under(r, 0.3)), sum(size(filter(r, x -> x < 0.3))),
                       sum(radial_dynamic_depth(r, r, 0.3)), 2 * sum(size(filter(r, x -> x >= 0.3)))
                FROM (SELECT transform(sequence(1, 12), i -> float(abs(hash(id, i)) % 1000 / 1000)) AS r
                      FROM range(0, 5000, 1, 7))""")
            .head();

    assertThat(sums.get(0)).isEqualTo(sums.get(1));
    assertThat(sums.get(2)).isEqualTo(sums.get(3));
    assertThat(sums.getLong(0)).isGreaterThan(15_000);
  }

  private Dataset<Row> select(String sql) {
    return spark.sql("SELECT " + sql + " FROM t");
  }

  /** Each expression with its value. */
  private Map<String, String> valuesOf(Set<String> expressions) {
    List<String> columns = List.copyOf(expressions);
    Row row = spark.table("t").selectExpr(columns.toArray(String[]::new)).head();
    return IntStream.range(0, columns.size())
        .boxed()
        .collect(Collectors.toMap(columns::get, i -> shown(row.get(i))));
  }

  private static String shown(Object value) {
    return value instanceof scala.collection.Seq<?> seq
        ? seq.mkString("[", ",", "]")
        : String.valueOf(value);
  }
}
