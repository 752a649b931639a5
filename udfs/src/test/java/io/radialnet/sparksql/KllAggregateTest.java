package io.radialnet.sparksql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.radialnet.error.UserException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.apache.datasketches.kll.KllFloatsSketch;
import org.apache.datasketches.memory.Memory;
import org.apache.spark.SparkException;
import org.apache.spark.sql.AnalysisException;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.duckdb.DuckDBAppender;
import org.duckdb.DuckDBConnection;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** The sketches of groups, over partitions and shuffles, against exact quantiles of DuckDB. */
@ExtendWith(SparkSessionExtension.class)
class KllAggregateTest {

  private static final double[] RANKS = {0, 0.01, 0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99, 1};

  private final SparkSession spark;

  KllAggregateTest(SparkSession spark) {
    this.spark = spark;
  }

  @AfterEach
  void restore() {
    spark.conf().unset("spark.sql.codegen.wholeStage");
    spark.conf().unset("spark.sql.codegen.factoryMode");
    spark.conf().unset("spark.sql.objectHashAggregate.sortBased.fallbackThreshold");
  }

  @ParameterizedTest
  @EnumSource(ScalarCallTest.Mode.class)
  void quantilesOfGroupsAgreeWithDuckDbWithinTheBound(ScalarCallTest.Mode mode) throws Exception {
    mode.set(spark);
    int layers = 5;
    int tokens = 60_000;
    float[][] ratios = new float[tokens][layers];
    Random random = new Random(11);
    for (float[] token : ratios) {
      for (int layer = 0; layer < layers; layer++) {
        token[layer] = (float) Math.exp(random.nextGaussian() - layer);
      }
    }
    tokens(ratios).repartition(7).createOrReplaceTempView("tokens");

    List<Row> sketches =
        spark
            .sql(
                """
                SELECT layer, radial_kll_build(ratio, 256) AS sketch
                FROM tokens LATERAL VIEW posexplode(ratios) AS layer, ratio
                GROUP BY layer ORDER BY layer""")
            .collectAsList();

    assertThat(sketches).hasSize(layers);
    try (Connection duckDb = DriverManager.getConnection("jdbc:duckdb:");
        Statement statement = duckDb.createStatement()) {
      load(duckDb, ratios);
      for (Row row : sketches) {
        KllFloatsSketch sketch = KllSketches.fromBytes(row.getAs("sketch"));
        assertThat(sketch.getN()).isEqualTo(tokens);
        for (double rank : RANKS) {
          float quantile = KllSketches.quantile(sketch, rank);
          double exact =
              one(
                  statement,
                  String.format(
                      "SELECT avg((ratio <= %s::FLOAT)::INT) FROM ratios WHERE layer = %d",
                      quantile, row.getInt(0)));
          assertThat(exact).isCloseTo(rank, within(3 * KllSketches.rankError(sketch)));
          assertThat(KllSketches.rank(sketch, quantile))
              .isCloseTo(exact, within(3 * KllSketches.rankError(sketch)));
        }
      }
    }
  }

  @Test
  void quantilesOfFewValuesAreThoseOfDuckDb() throws Exception {
    float[][] ratios = new float[500][2];
    Random random = new Random(12);
    for (float[] token : ratios) {
      token[0] = random.nextInt(20) / 20f;
      token[1] = random.nextFloat();
    }
    tokens(ratios).repartition(5).createOrReplaceTempView("tokens");

    Row row =
        spark
            .sql(
                """
                SELECT radial_kll_quantile(radial_kll_build(ratios),
                                           array(0, 0.01, 0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99, 1))
                FROM tokens""")
            .head();

    List<Float> quantiles = row.getList(0);
    try (Connection duckDb = DriverManager.getConnection("jdbc:duckdb:");
        Statement statement = duckDb.createStatement()) {
      load(duckDb, ratios);
      for (int i = 0; i < RANKS.length; i++) {
        assertThat((double) quantiles.get(i))
            .as("rank %s", RANKS[i])
            .isEqualTo(one(statement, "SELECT quantile_disc(ratio, " + RANKS[i] + ") FROM ratios"));
      }
    }
  }

  @Test
  void mergingTheSketchesOfPartsGivesTheWholeWithinTheBound() {
    Row row =
        spark
            .sql(
                """
                SELECT radial_kll_n(merged), radial_kll_n(whole), radial_kll_error(merged),
                       radial_kll_error(whole), radial_kll_quantile(merged, 0.5),
                       radial_kll_quantile(whole, 0.5), radial_kll_rank(merged, 25000)
                FROM (SELECT radial_kll_merge(sketch) AS merged
                      FROM (SELECT radial_kll_build(id) AS sketch FROM range(0, 100000, 1, 8) GROUP BY id % 37)),
                     (SELECT radial_kll_build(id) AS whole FROM range(0, 100000, 1, 8))""")
            .head();

    assertThat(row.getLong(0)).isEqualTo(100_000);
    assertThat(row.getLong(1)).isEqualTo(100_000);
    double error = row.getDouble(2);
    assertThat(error).isEqualTo(row.getDouble(3)).isCloseTo(0.0014, within(0.0001));
    assertThat(row.getFloat(4) / 100_000).isCloseTo(0.5f, within((float) (3 * error)));
    assertThat(row.getFloat(5) / 100_000).isCloseTo(0.5f, within((float) (3 * error)));
    assertThat(row.getDouble(6)).isCloseTo(0.25, within(3 * error));
  }

  @Test
  void floatsDoublesAndArraysGoIn() {
    assertThat(
            strings(
                """
                SELECT radial_kll_quantile(radial_kll_build(f), r), radial_kll_quantile(radial_kll_build(d), r),
                       radial_kll_quantile(radial_kll_build(i), r), radial_kll_quantile(radial_kll_build(fs), r),
                       radial_kll_quantile(radial_kll_build(ds), r), radial_kll_n(radial_kll_build(fs))
                FROM (SELECT float(id) / 8 AS f, id / 8D AS d, id AS i, 0.5 AS r,
                             array(float(id), float(id)) AS fs, array(double(id), null) AS ds
                      FROM range(0, 9, 1, 3)) GROUP BY r"""))
        .containsExactly("[0.5,0.5,4.0,4.0,4.0,18]");
  }

  @Test
  void whatIsNoValueIsLeftOut() {
    assertThat(
            strings(
                """
                SELECT radial_kll_n(radial_kll_build(v)), radial_kll_n(radial_kll_build(array(v, v, null))),
                       radial_kll_n(radial_kll_build(if(v is null, null, array(v)))),
                       radial_kll_quantile(radial_kll_build(v), 0), radial_kll_quantile(radial_kll_build(v), 1)
                FROM VALUES (1F), (null), (float('NaN')), (float('Infinity')), (float('-Infinity')) AS t(v)"""))
        .containsExactly("[3,6,3,-Infinity,Infinity]");
  }

  @Test
  void groupsWithoutValuesHaveAnEmptySketch() {
    assertThat(
            strings(
                """
                SELECT radial_kll_n(radial_kll_build(id)), radial_kll_n(radial_kll_build(id, 64)),
                       radial_kll_n(radial_kll_merge(sketch)), radial_kll_error(radial_kll_build(id)),
                       radial_kll_quantile(radial_kll_build(id), 0.5),
                       radial_kll_quantile(radial_kll_build(id), array(0, 1)),
                       radial_kll_rank(radial_kll_build(id), 1)
                FROM (SELECT id, CAST(null AS binary) AS sketch FROM range(10)) WHERE id > 10"""))
        .containsExactly("[0,0,0,0.0,null,ArraySeq(null, null),null]");
  }

  @Test
  void nullsOfTheScalarFunctionsAreNull() {
    assertThat(
            strings(
                """
                SELECT radial_kll_n(none), radial_kll_error(none), radial_kll_quantile(none, 0.5),
                       radial_kll_rank(none, 1), radial_kll_quantile(sketch, double(none)),
                       radial_kll_quantile(sketch, array(0.5, null)), radial_kll_rank(sketch, double(none)),
                       radial_kll_rank(sketch, float('NaN')), radial_kll_quantile(sketch, array())
                FROM (SELECT radial_kll_build(id) AS sketch, if(count(*) > 0, null, 'x') AS none FROM range(3))"""))
        .containsExactly("[null,null,null,null,null,ArraySeq(1.0, null),null,null,ArraySeq()]");
  }

  @Test
  void worksInGroupingSetsFiltersAndWithDistinct() {
    assertThat(
            strings(
                """
                SELECT g, h, radial_kll_n(radial_kll_build(v)),
                       radial_kll_n(radial_kll_build(v) FILTER (WHERE v < 10)),
                       radial_kll_n(radial_kll_build(DISTINCT v % 3)), count(DISTINCT v % 7)
                FROM (SELECT id % 2 AS g, id % 3 AS h, id AS v FROM range(0, 60, 1, 5))
                GROUP BY GROUPING SETS ((g), (h), ()) ORDER BY g NULLS LAST, h NULLS LAST"""))
        .containsExactly(
            "[0,null,30,5,3,7]",
            "[1,null,30,5,3,7]",
            "[null,0,20,4,1,7]",
            "[null,1,20,3,1,7]",
            "[null,2,20,3,1,7]",
            "[null,null,60,10,3,7]");
  }

  @Test
  void worksOverWindows() {
    assertThat(
            strings(
                """
                SELECT id, radial_kll_quantile(radial_kll_build(id) OVER (ORDER BY id), 1),
                       radial_kll_n(radial_kll_build(id) OVER (ORDER BY id ROWS BETWEEN 1 PRECEDING AND CURRENT ROW)),
                       radial_kll_n(radial_kll_merge(sketch) OVER (PARTITION BY id % 2 ORDER BY id))
                FROM (SELECT id, radial_kll_build(id) AS sketch FROM range(4) GROUP BY id) ORDER BY id"""))
        .containsExactly("[0,0.0,1,1]", "[1,1.0,2,1]", "[2,2.0,2,2]", "[3,3.0,2,2]");
  }

  @Test
  void manyGroupsFallBackToSorting() {
    spark.conf().set("spark.sql.objectHashAggregate.sortBased.fallbackThreshold", "2");

    assertThat(
            strings(
                """
                SELECT count(*), sum(radial_kll_n(s)), max(radial_kll_quantile(s, 1)), min(radial_kll_quantile(s, 0))
                FROM (SELECT radial_kll_build(id) AS s FROM range(0, 20000, 1, 4) GROUP BY id % 500)"""))
        .containsExactly("[500,20000,19999.0,0.0]");
  }

  @Test
  void mergingKeepsALargerK() {
    Row row =
        spark
            .sql(
                """
                SELECT radial_kll_error(radial_kll_merge(sketch))
                FROM (SELECT radial_kll_build(id, 4096) AS sketch
                      FROM range(0, 50000, 1, 3) GROUP BY id % 3)""")
            .head();

    assertThat(row.getDouble(0)).isEqualTo(KllFloatsSketch.getNormalizedRankError(4096, false));
  }

  @Test
  void theBinaryIsThatOfDataSketches() {
    byte[] ours =
        spark.sql("SELECT radial_kll_build(id) FROM range(0, 10000, 1, 3)").head().getAs(0);

    KllFloatsSketch read = KllFloatsSketch.heapify(Memory.wrap(ours));

    assertThat(read.getN()).isEqualTo(10_000);
    assertThat(read.getK()).isEqualTo(2048);
    assertThat(read.toByteArray()).isEqualTo(ours);
  }

  /**
   * By kll_floats_sketch(8) of DataSketches for C++ 5.2.0, of 0 to 99, whose median it gives as 48
   * and the rank of 50 as 0.54; of 1.5 alone; of nothing.
   */
  @Test
  void sketchesOfOtherLanguagesMerge() {
    List<Row> theirs =
        List.of(
            RowFactory.create(
                hex(
                    """
                    05010f0008000800640000000000000008000400050000000f000000100000001a00000000000000
                    0000c6420000c6420000c4420000c2420000c0420000be420000bc420000ba420000b8420000b642
                    0000b44200004042000048420000584200006842000078420000844200008c420000944200009c42
                    0000a4420000ac420000004000003041000098410000c0410000004200002042""")),
            RowFactory.create(hex("02020f04000808000000c03f")),
            RowFactory.create(hex("02010f0100080800")));
    spark
        .createDataFrame(theirs, new StructType().add("sketch", DataTypes.BinaryType))
        .createOrReplaceTempView("theirs");

    assertThat(
            strings(
                """
                SELECT radial_kll_n(s), radial_kll_quantile(s, 0), radial_kll_quantile(s, 1)
                FROM (SELECT radial_kll_merge(sketch) AS s FROM theirs)"""))
        .containsExactly("[101,0.0,99.0]");
    assertThat(
            strings(
                "SELECT radial_kll_n(sketch), radial_kll_quantile(sketch, 0.5), radial_kll_rank(sketch, 50) FROM theirs"))
        .containsExactly("[100,48.0,0.54]", "[1,1.5,1.0]", "[0,null,null]");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          radial_kll_build(id, id)             | NON_FOLDABLE_INPUT | the input `k` should be a foldable "INT" expression; however, got "CAST(id AS INT)"
          radial_kll_build(id, CAST(null AS int)) | UNEXPECTED_NULL | The `k` must not be null
          radial_kll_build(id, 7)              | VALUE_OUT_OF_RANGE | The `k` must be between [8, 65535] (current value = 7)
          radial_kll_build(id, 65536)          | VALUE_OUT_OF_RANGE | The `k` must be between [8, 65535] (current value = 65536)
          """)
  void kIsCheckedByTheAnalyzer(String sql, String condition, String message) {
    assertThatThrownBy(() -> spark.sql("SELECT " + sql + " FROM range(9)"))
        .isInstanceOf(AnalysisException.class)
        .hasMessageContaining("[DATATYPE_MISMATCH." + condition + "]")
        .hasMessageContaining(message);
  }

  @Test
  void kMayBeAnyConstant() {
    assertThat(
            strings(
                "SELECT round(radial_kll_error(radial_kll_build(id, 2 * 32)), 3) FROM range(0, 5000, 1, 2)"))
        .containsExactly("[0.04]");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          radial_kll_n(s)                          | Cannot read a KLL sketch of 3 bytes:
          radial_kll_error(s)                      | Cannot read a KLL sketch of 3 bytes:
          radial_kll_rank(s, 1)                    | Cannot read a KLL sketch of 3 bytes:
          radial_kll_quantile(s, 0.5)              | Cannot read a KLL sketch of 3 bytes:
          radial_kll_merge(s)                      | Cannot read a KLL sketch of 3 bytes:
          radial_kll_quantile(radial_kll_build(id), 1.5)             | Cannot take a quantile of a KLL sketch: the rank is 1.5.
          radial_kll_quantile(radial_kll_build(id), array(0.5, -1))  | Cannot take a quantile of a KLL sketch: the rank is -1.0.
          radial_kll_quantile(radial_kll_build(id), double('NaN'))   | Cannot take a quantile of a KLL sketch: the rank is NaN.
          """)
  void whatIsNoSketchOrNoRankIsAnError(String sql, String message) {
    Dataset<Row> rows =
        spark.sql(
            "SELECT " + sql + " FROM (SELECT id, encode(id + 100, 'utf-8') AS s FROM range(2))");

    assertThatThrownBy(rows::collectAsList)
        .isInstanceOf(SparkException.class)
        .cause()
        .isInstanceOf(UserException.class)
        .hasMessageStartingWith(message);
  }

  private Dataset<Row> tokens(float[][] ratios) {
    List<Row> rows =
        IntStream.range(0, ratios.length)
            .mapToObj(i -> RowFactory.create((Object) ratios[i]))
            .toList();
    return spark.createDataFrame(
        rows,
        new StructType().add("ratios", DataTypes.createArrayType(DataTypes.FloatType, false)));
  }

  private static void load(Connection duckDb, float[][] ratios) throws SQLException {
    try (Statement statement = duckDb.createStatement()) {
      statement.execute("CREATE TABLE ratios (layer INTEGER, ratio FLOAT)");
    }
    try (DuckDBAppender appender =
        duckDb.unwrap(DuckDBConnection.class).createAppender("main", "ratios")) {
      for (float[] token : ratios) {
        for (int layer = 0; layer < token.length; layer++) {
          appender.beginRow();
          appender.append(layer);
          appender.append(token[layer]);
          appender.endRow();
        }
      }
    }
  }

  private static double one(Statement statement, String sql) throws SQLException {
    try (ResultSet result = statement.executeQuery(sql)) {
      result.next();
      return result.getDouble(1);
    }
  }

  private static byte[] hex(String text) {
    return HexFormat.of().parseHex(text.replaceAll("\\s", ""));
  }

  private List<String> strings(String sql) {
    return spark.sql(sql).collectAsList().stream().map(Row::toString).toList();
  }
}
