package io.radialnet.jobs.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.radialnet.error.UserException;
import io.radialnet.jobs.DuckDb;
import io.radialnet.jobs.SparkSessionExtension;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.parquet.column.Encoding;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.metadata.BlockMetaData;
import org.apache.parquet.hadoop.metadata.ColumnChunkMetaData;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.hadoop.util.HadoopInputFile;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@ExtendWith(SparkSessionExtension.class)
class TokenRatiosWriterTest {

  private static final int LAYERS = 3;
  private static final StructType KEPT =
      new StructType()
          .add("s", DataTypes.StringType)
          .add("b", DataTypes.BooleanType)
          .add("i", DataTypes.IntegerType)
          .add("l", DataTypes.LongType)
          .add("f", DataTypes.FloatType)
          .add("d", DataTypes.DoubleType)
          .add("day", DataTypes.DateType)
          .add("at", DataTypes.TimestampType);
  private static final Object[] KEPT_VALUES = {
    "é😀",
    true,
    -7,
    1L << 40,
    1.5f,
    Math.PI,
    LocalDate.of(1582, 10, 1),
    Instant.parse("1969-12-31T23:59:59.999999Z")
  };
  private static final Object[] NOTHING_KEPT = new Object[8];
  private static final StructType SCHEMA =
      TokenRatiosTable.schemaWithSurprisal(
          KEPT, List.of("attn", "mlp"), List.of("ratio", "cosine"));

  @TempDir private Path dir;
  private final Configuration conf = new Configuration();
  private final Random random = new Random(5);

  @Test
  void rowsComeBackAsWritten(SparkSession spark) {
    List<ProfiledWindow> windows =
        List.of(
            window("a", 0, 4, KEPT_VALUES),
            window("a", 1, 2, KEPT_VALUES),
            window("z\uFFFD", 0, 1, NOTHING_KEPT),
            window("z😀", 0, 3, NOTHING_KEPT)); // after U+FFFD in UTF-8, before it in UTF-16
    writeShard(3, windows);
    Dataset<Row> table =
        TokenRatiosTable.read(spark, dir.toString())
            .withColumn("day", functions.expr("unix_date(day)"))
            .withColumn("at", functions.expr("unix_micros(at)"));
    List<List<Object>> expected = new ArrayList<>();
    windows.forEach(window -> expected.addAll(rows(window)));
    assertThat(table.drop("shard").collectAsList().stream().map(TokenRatiosWriterTest::values))
        .containsExactlyElementsOf(expected);
    assertThat(table.select("shard").distinct().collectAsList())
        .extracting(row -> row.getInt(0))
        .containsExactly(3);
    assertThat(table.sort("doc_id", "window", "position").collectAsList())
        .isEqualTo(table.collectAsList());
  }

  @Test
  void schemaAndCommentsComeBack(SparkSession spark) {
    writeShard(0, List.of(window("a", 0, 1, KEPT_VALUES)));
    Dataset<Row> table = TokenRatiosTable.read(spark, dir.toString());
    assertThat(table.schema().fieldNames()).isEqualTo(SCHEMA.fieldNames());
    for (StructField field : SCHEMA.fields()) {
      StructField read = table.schema().apply(field.name());
      assertThat(read.getComment()).as(field.name()).isEqualTo(field.getComment());
      assertThat(read.dataType().sameType(field.dataType())).as(field.name()).isTrue();
    }
    StructType plain = spark.read().parquet(dir.toString()).schema();
    assertThat(plain.apply("attn_ratio").getComment().get()).startsWith("residual ratio |f| / |y|");
  }

  @Test
  void duckDbReadsTheSame(SparkSession spark) throws SQLException {
    writeShard(0, List.of(window("a", 0, 40, KEPT_VALUES)));
    writeShard(7, List.of(window("b", 0, 50, NOTHING_KEPT), window("b", 1, 9, NOTHING_KEPT)));
    Row expected =
        spark
            .read()
            .parquet(dir.toString())
            .selectExpr(
                "count(*)",
                "sum(aggregate(attn_ratio, 0d, (s, x) -> s + x))",
                "max(size(mlp_cosine))",
                "min(size(mlp_cosine))",
                "count(surprisal)",
                "count(doc_position)",
                "sum(shard)",
                "max(s)",
                "string(max(day))")
            .first();
    String query =
        "select count(*), sum(list_sum(attn_ratio::double[])), max(len(mlp_cosine)),"
            + " min(len(mlp_cosine)), count(surprisal), count(doc_position), sum(shard), max(s),"
            + " max(day)::varchar from read_parquet('"
            + dir
            + "/**/*.parquet', hive_partitioning = true)";
    try (Connection duckDb = DriverManager.getConnection("jdbc:duckdb:");
        Statement statement = duckDb.createStatement();
        ResultSet result = statement.executeQuery(query)) {
      assertThat(result.next()).isTrue();
      assertThat(result.getLong(1)).isEqualTo(expected.getLong(0)).isEqualTo(99);
      assertThat(result.getDouble(2)).isEqualTo(expected.getDouble(1));
      assertThat(result.getInt(3)).isEqualTo(expected.getInt(2)).isEqualTo(LAYERS);
      assertThat(result.getInt(4)).isEqualTo(expected.getInt(3)).isEqualTo(LAYERS);
      assertThat(result.getLong(5)).isEqualTo(expected.getLong(4)).isEqualTo(96);
      assertThat(result.getLong(6)).isEqualTo(expected.getLong(5)).isEqualTo(96);
      assertThat(result.getLong(7)).isEqualTo(expected.getLong(6)).isEqualTo(59 * 7);
      assertThat(result.getString(8)).isEqualTo(expected.getString(7));
      assertThat(result.getString(9)).isEqualTo(expected.getString(8)).isEqualTo("1582-10-01");
    }
  }

  @Test
  void fileIsCompressedWithStatisticsAndNoDictionaryOfFloats() throws IOException {
    writeShard(0, List.of(window("a", 0, 500, KEPT_VALUES), window("b", 0, 500, KEPT_VALUES)));
    try (ParquetFileReader reader =
        ParquetFileReader.open(HadoopInputFile.fromPath(shard(0), conf))) {
      assertThat(reader.getFooter().getFileMetaData().getSchema().toString())
          .contains("required group attn_ratio (LIST)")
          .contains("repeated group list")
          .contains("required float element;")
          .contains("required binary doc_id (STRING)");
      BlockMetaData block = reader.getFooter().getBlocks().get(0);
      assertThat(block.getColumns())
          .allSatisfy(c -> assertThat(c.getCodec()).isEqualTo(CompressionCodecName.ZSTD))
          .allSatisfy(c -> assertThat(c.getStatistics().isEmpty()).isFalse());
      ColumnChunkMetaData docId = block.getColumns().get(0);
      assertThat(docId.getEncodings()).anyMatch(Encoding::usesDictionary);
      assertThat(docId.getStatistics().minAsString()).isEqualTo("a");
      assertThat(docId.getStatistics().maxAsString()).isEqualTo("b");
      assertThat(block.getColumns())
          .filteredOn(c -> c.getPath().toDotString().equals("attn_ratio.list.element"))
          .singleElement()
          .satisfies(c -> assertThat(c.getEncodings()).noneMatch(Encoding::usesDictionary));
    }
  }

  @Test
  void floatsSplitByByteComeBackBitForBitInFewerBytes(SparkSession spark) throws IOException {
    List<ProfiledWindow> windows =
        List.of(window("a", 0, 900, NOTHING_KEPT), window("b", 0, 700, NOTHING_KEPT));
    writeShard(0, windows);
    List<Row> plain = TokenRatiosTable.read(spark, dir.toString()).collectAsList();
    List<List<Object>> plainInDuckDb = DuckDb.rows("from '" + shard(0) + "'");
    long plainBytes = Files.size(Path.of(shard(0).toString()));

    conf.set("radial.float.encoding", "byte_stream_split");
    writeShard(0, windows);
    try {
      assertThat(TokenRatiosTable.read(spark, dir.toString()).collectAsList()).isEqualTo(plain);
      assertThat(spark.read().parquet(dir.toString()).collectAsList()).isEqualTo(plain);
    } finally {
      spark.conf().unset("spark.sql.parquet.enableNestedColumnVectorizedReader");
    }
    assertThat(DuckDb.rows("from '" + shard(0) + "'")).isEqualTo(plainInDuckDb);
    assertThat(Files.size(Path.of(shard(0).toString()))).isLessThan(plainBytes);
    assertThat(ShardFile.encodings(conf, shard(0).toUri().toString()))
        .contains(Encoding.BYTE_STREAM_SPLIT);
  }

  @Test
  void unknownEncodingIsNamed() throws IOException {
    conf.set("radial.float.encoding", "zigzag");
    assertThatThrownBy(() -> open(conf, shard(0)))
        .isInstanceOf(UserException.class)
        .hasMessage(
            "Cannot write with radial.float.encoding 'zigzag': known are [plain,"
                + " byte_stream_split]. Correct spark.hadoop.radial.float.encoding.");
    assertThat(files()).isEmpty();
  }

  @Test
  void rowsOverManyPagesAndRowGroupsComeBack() throws IOException {
    int layers = 20_000;
    StructType schema =
        TokenRatiosTable.schema(new StructType(), List.of("attn"), List.of("ratio"));
    List<List<Object>> expected = new ArrayList<>();
    try (TokenRatiosWriter writer = TokenRatiosWriter.open(conf, shard(0), schema, layers)) {
      for (int window = 0; window < 12; window++) {
        float[] ratios = noise(100 * layers); // 8 MB: a row group holds 64, a page 1
        writer.write(plainWindow(window, ratios));
        for (int position = 0; position < 100; position++) {
          float first = ratios[position * layers];
          float last = ratios[(position + 1) * layers - 1];
          expected.add(List.of(window, position, layers, first, last));
        }
      }
      writer.commit(Map.of());
    }
    assertThat(
            DuckDb.rows(
                "select \"window\", position, len(attn_ratio)::int, attn_ratio[1], attn_ratio[-1]"
                    + " from '"
                    + shard(0)
                    + "'"))
        .isEqualTo(expected);
    try (ParquetFileReader reader =
        ParquetFileReader.open(HadoopInputFile.fromPath(shard(0), conf))) {
      assertThat(reader.getFooter().getBlocks()).hasSize(2);
      BlockMetaData first = reader.getFooter().getBlocks().get(0);
      assertThat(reader.readOffsetIndex(first.getColumns().get(7)).getPageCount())
          .isGreaterThan(60);
    }
  }

  @Test
  void footerHoldsWhatIsKnownAtTheEnd() {
    writeShard(0, List.of(window("a", 0, 1, KEPT_VALUES)));
    assertThat(TokenRatiosWriter.footer(conf, shard(0)))
        .containsEntry("windows", "1")
        .containsKey("org.apache.spark.sql.parquet.row.metadata");
  }

  @Test
  void brokenFileHasNoFooter() throws IOException {
    Path file = Files.writeString(dir.resolve("a.parquet"), "PAR1 and nothing else");
    assertThatThrownBy(
            () -> TokenRatiosWriter.footer(conf, new org.apache.hadoop.fs.Path(file.toUri())))
        .isInstanceOf(UserException.class)
        .hasMessageStartingWith("Cannot read file:" + file)
        .hasMessageEndingWith("Delete the file and run the same command again.");
  }

  @Test
  void nothingIsSeenBeforeTheCommitAndItReplacesAnEarlierFile(SparkSession spark)
      throws IOException {
    writeShard(0, List.of(window("old", 0, 1, KEPT_VALUES)));
    try (TokenRatiosWriter writer = open(conf, shard(0))) {
      writer.write(window("new", 0, 2, KEPT_VALUES));
      assertThat(docIds(spark)).containsExactly("old");
      writer.commit(Map.of());
      assertThat(docIds(spark)).containsExactly("new", "new");
      assertThatThrownBy(() -> writer.commit(Map.of()))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageEndingWith("part.parquet is closed");
    }
    assertThat(files()).containsExactly(".part.parquet.crc", "part.parquet");
  }

  @Test
  void closedWithoutCommitItLeavesNothing() throws IOException {
    TokenRatiosWriter first = open(conf, shard(0));
    TokenRatiosWriter second = open(conf, shard(0)); // another attempt at the same shard
    first.write(window("a", 0, 3, KEPT_VALUES));
    second.write(window("a", 0, 3, KEPT_VALUES));
    first.close();
    first.close();
    second.close();
    assertThat(files()).isEmpty();
  }

  @Test
  void shardWithoutRowsIsAFileWithoutRows(SparkSession spark) {
    writeShard(0, List.of());
    assertThat(TokenRatiosTable.read(spark, dir.toString()).count()).isZero();
  }

  @Test
  void windowsOutOfOrderAreABrokenInvariant() throws IOException {
    try (TokenRatiosWriter writer = open(conf, shard(0))) {
      writer.write(window("z😀", 4, 1, KEPT_VALUES));
      assertThatThrownBy(() -> writer.write(window("z\uFFFD", 0, 1, KEPT_VALUES)))
          .isInstanceOf(IllegalStateException.class)
          .hasMessage("window 0 of z\uFFFD comes after window 4 of z😀");
      assertThatThrownBy(() -> writer.write(window("z😀", 4, 1, KEPT_VALUES)))
          .isInstanceOf(IllegalStateException.class)
          .hasMessage("window 4 of z😀 comes after window 4 of z😀");
    }
  }

  @Test
  void windowOfAnotherShapeIsABrokenInvariant() {
    StructType schema = TokenRatiosTable.schema(KEPT, List.of("attn"), List.of("ratio"));
    try (TokenRatiosWriter writer = TokenRatiosWriter.open(conf, shard(0), schema, LAYERS)) {
      assertThatThrownBy(() -> writer.write(window("a", 0, 1, KEPT_VALUES)))
          .isInstanceOf(IllegalStateException.class)
          .hasMessage("measures has length 4, the window and schema imply 1");
    }
  }

  @ParameterizedTest
  @EnumSource
  void fullDiskIsSaidWithWhatToDo(FullDisk.Failure failure) throws IOException {
    Configuration full = FullDisk.configuration(20_000, failure);
    var file = new org.apache.hadoop.fs.Path("full://" + dir + "/shard=0/part.parquet");
    try (TokenRatiosWriter writer = open(full, file)) {
      writer.write(window("a", 0, 2_000, KEPT_VALUES));
      assertThatThrownBy(() -> writer.commit(Map.of()))
          .isInstanceOf(UserException.class)
          .hasMessage(
              "Cannot write full:"
                  + dir
                  + "/shard=0/part.parquet: No space left on device. Free space and run the same"
                  + " command again; finished shards are kept.");
    }
    assertThat(files()).isEmpty();
  }

  @Test
  void diskThatFillsWhileRowsAreWrittenIsSaidToo() throws IOException {
    Configuration full = FullDisk.configuration(1_000, FullDisk.Failure.LOCAL_ERROR);
    var file = new org.apache.hadoop.fs.Path("full://" + dir + "/shard=0/part.parquet");
    StructType schema =
        TokenRatiosTable.schema(new StructType(), List.of("attn"), List.of("ratio"));
    int layers = 20_000;
    float[] ratios = noise(100 * layers); // 8 MB of a row group's 64
    try (TokenRatiosWriter writer = TokenRatiosWriter.open(full, file, schema, layers)) {
      assertThatThrownBy(
              () -> {
                for (int window = 0; window < 20; window++) {
                  writer.write(plainWindow(window, ratios));
                }
              })
          .isInstanceOf(UserException.class)
          .hasMessageContaining("No space left on device");
    }
    assertThat(files()).isEmpty();
  }

  @Test
  void placeThatCannotBeWrittenIsNamed() throws IOException {
    Files.writeString(dir.resolve("shard=0"), "a file where the directory should be");
    assertThatThrownBy(() -> open(conf, shard(0)))
        .isInstanceOf(UserException.class)
        .hasMessageStartingWith("Cannot write " + shard(0) + ": ")
        .hasMessageEndingWith(
            "Check that the directory is writable and run the same command again; finished shards"
                + " are kept.");
  }

  private static TokenRatiosWriter open(Configuration conf, org.apache.hadoop.fs.Path file) {
    return TokenRatiosWriter.open(conf, file, SCHEMA, LAYERS);
  }

  private void writeShard(int shard, List<ProfiledWindow> windows) {
    try (TokenRatiosWriter writer = open(conf, shard(shard))) {
      windows.forEach(writer::write);
      writer.commit(Map.of("windows", String.valueOf(windows.size())));
    }
  }

  private org.apache.hadoop.fs.Path shard(int shard) {
    return TokenRatiosTable.shardFile(new org.apache.hadoop.fs.Path(dir.toString()), shard);
  }

  private List<String> docIds(SparkSession spark) {
    return TokenRatiosTable.read(spark, dir.toString()).select("doc_id").collectAsList().stream()
        .map(row -> row.getString(0))
        .toList();
  }

  private List<String> files() throws IOException {
    try (Stream<Path> all = Files.walk(dir)) {
      return all.filter(Files::isRegularFile)
          .map(f -> f.getFileName().toString())
          .sorted()
          .toList();
    }
  }

  private ProfiledWindow window(String docId, int window, int tokens, Object[] kept) {
    int[] tokenIds = random.ints(tokens, 0, 1000).toArray();
    String[] texts = Arrays.stream(tokenIds).mapToObj(id -> "Ġ" + id).toArray(String[]::new);
    boolean[] special = new boolean[tokens];
    special[0] = true;
    int[] docPositions = new int[tokens];
    float[] surprisal = new float[tokens];
    for (int i = 0; i < tokens; i++) {
      docPositions[i] = i - 1;
      surprisal[i] = i == 0 ? Float.NaN : random.nextFloat();
    }
    float[][] measures = new float[4][];
    Arrays.setAll(measures, i -> noise(tokens * LAYERS));
    return new ProfiledWindow(
        docId, window, kept, tokenIds, texts, special, docPositions, measures, surprisal);
  }

  /** A window of 100 rows of one measure that keeps nothing of the corpus. */
  private static ProfiledWindow plainWindow(int window, float[] ratios) {
    int[] zeros = new int[100];
    String[] tokens = new String[100];
    Arrays.fill(tokens, "a");
    float[][] measures = {ratios};
    return new ProfiledWindow(
        "a", window, new Object[0], zeros, tokens, new boolean[100], zeros, measures, null);
  }

  private float[] noise(int length) {
    float[] noise = new float[length];
    for (int i = 0; i < length; i++) {
      noise[i] = random.nextFloat();
    }
    return noise;
  }

  private static List<List<Object>> rows(ProfiledWindow window) {
    List<List<Object>> rows = new ArrayList<>();
    for (int i = 0; i < window.tokenIds().length; i++) {
      List<Object> row = new ArrayList<>();
      row.add(window.docId());
      row.add(window.window());
      row.add(i);
      row.add(i == 0 ? null : i - 1);
      row.add(window.tokenIds()[i]);
      row.add(window.tokens()[i]);
      row.add(window.special()[i]);
      row.addAll(Arrays.asList(window.kept()).subList(0, 6));
      row.add(window.kept()[6] == null ? null : -141441); // 1582-10-01 in days
      row.add(window.kept()[7] == null ? null : -1L); // microseconds
      for (float[] measure : window.measures()) {
        List<Float> layers = new ArrayList<>();
        for (int layer = 0; layer < LAYERS; layer++) {
          layers.add(measure[i * LAYERS + layer]);
        }
        row.add(layers);
      }
      row.add(i == 0 ? null : window.surprisal()[i]);
      rows.add(row);
    }
    return rows;
  }

  private static List<Object> values(Row row) {
    List<Object> values = new ArrayList<>();
    for (int i = 0; i < row.size(); i++) {
      Object value = row.get(i);
      if (value instanceof scala.collection.Seq) {
        values.add(row.getList(i));
      } else {
        values.add(value);
      }
    }
    return values;
  }
}
