package io.radialnet.jobs.table;

import io.radialnet.error.UserException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.Metadata;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * {@code token_ratios}: one row a token, Parquet, partitioned by {@code shard}; inside a file
 * sorted by {@code doc_id} (as UTF-8 bytes), {@code window}, {@code position}.
 *
 * <p>Columns: document and place, token, the corpus's kept columns, one array of L floats per block
 * and measure ({@code attn_ratio}), perhaps {@code surprisal}, and last {@code shard}.
 */
public final class TokenRatiosTable {

  /** The table's name, and its directory's. */
  public static final String NAME = "token_ratios";

  /** The partition column. */
  public static final String SHARD = "shard";

  static final String DOC_ID = "doc_id";
  static final String WINDOW = "window";
  static final String POSITION = "position";
  static final String DOC_POSITION = "doc_position";
  static final String TOKEN_ID = "token_id";
  static final String TOKEN = "token";
  static final String IS_SPECIAL = "is_special";
  static final String SURPRISAL = "surprisal";

  static final ArrayType LAYER_VALUES =
      DataTypes.createArrayType(DataTypes.FloatType, /* containsNull= */ false);

  private static final Map<String, String> BLOCKS =
      Map.of(
          "attn", "attention's residual addition y = x + f",
          "mlp", "the MLP's residual addition y = x + f",
          "layer", "the whole layer as one addition y = x + f");
  private static final Map<String, String> MEASURES =
      Map.of(
          "ratio", "residual ratio |f| / |y|, L2 norms, no unit",
          "cosine", "cosine of x and y, no unit, -1 to 1",
          "input_norm", "L2 norm |x|, in units of the residual stream",
          "update_norm", "L2 norm |f|, in units of the residual stream",
          "output_norm", "L2 norm |y|, in units of the residual stream");

  private static final StructType LEADING =
      new StructType(
          new StructField[] {
            required(
                DOC_ID,
                DataTypes.StringType,
                "the document's id, or <relative path>#<0-based row>"),
            required(
                WINDOW,
                DataTypes.IntegerType,
                "0-based window; a document longer than the context is cut into consecutive ones"),
            required(
                POSITION,
                DataTypes.IntegerType,
                "0-based token position in the window, special tokens included"),
            optional(
                DOC_POSITION,
                DataTypes.IntegerType,
                "0-based position among the document's tokens without special ones; null for a"
                    + " special token"),
            required(TOKEN_ID, DataTypes.IntegerType, "the token's number in the vocabulary"),
            required(TOKEN, DataTypes.StringType, "the token as the vocabulary spells it"),
            required(
                IS_SPECIAL,
                DataTypes.BooleanType,
                "true for the tokenizer's special tokens, inserted or in the text"),
          });

  private TokenRatiosTable() {}

  /**
   * The table's schema.
   *
   * @param kept the kept columns of the corpus
   * @param blocks of attn, mlp and layer, in the order of the columns
   * @param measures of ratio, cosine, input_norm, update_norm and output_norm, likewise
   */
  public static StructType schema(StructType kept, List<String> blocks, List<String> measures) {
    return withShard(leadingAndMeasures(kept, blocks, measures));
  }

  /** As {@link #schema}, with {@code surprisal}. */
  public static StructType schemaWithSurprisal(
      StructType kept, List<String> blocks, List<String> measures) {
    StructField surprisal =
        optional(
            SURPRISAL,
            DataTypes.FloatType,
            "-ln p(this token given those before it in the window), nats; null where none comes"
                + " before");
    return withShard(leadingAndMeasures(kept, blocks, measures).add(surprisal));
  }

  /** Block by block, then measure by measure: {@code attn_ratio, attn_cosine, mlp_ratio, …}. */
  public static List<String> measureColumns(List<String> blocks, List<String> measures) {
    List<String> columns = new ArrayList<>();
    for (String block : blocks) {
      for (String measure : measures) {
        columns.add(block + "_" + measure);
      }
    }
    return columns;
  }

  /** Whether the table may have a column of this name, in any case, so that none can be kept. */
  public static boolean isReserved(String column) {
    String lower = column.toLowerCase(Locale.ROOT);
    return List.of(LEADING.fieldNames()).contains(lower)
        || lower.equals(SURPRISAL)
        || lower.equals(SHARD)
        || measureColumns(List.copyOf(BLOCKS.keySet()), List.copyOf(MEASURES.keySet()))
            .contains(lower);
  }

  /** The columns of a table that were kept from the corpus. */
  public static List<String> keptColumns(StructType schema) {
    return List.of(schema.fieldNames()).stream().filter(name -> !isReserved(name)).toList();
  }

  /** The columns of a table that hold a block's measure, in the order of the table. */
  public static List<String> measureColumns(StructType schema) {
    return List.of(schema.fields()).stream()
        .filter(field -> isMeasure(field) && isReserved(field.name()))
        .map(StructField::name)
        .toList();
  }

  /** Where the file of a shard lies. */
  public static Path shardFile(Path table, int shard) {
    return ShardFile.path(table, shard);
  }

  /**
   * Reads a table after checking that it is one. Where the first file has floats in an encoding
   * that Spark's vectorized reader of arrays lacks, it is turned off in the session.
   *
   * @throws UserException when there is none, naming what is missing
   */
  public static Dataset<Row> read(SparkSession spark, String directory) {
    Dataset<Row> table = ParquetTables.read(spark, NAME, directory);
    FloatEncoding.prepare(spark, table);
    List<String> problems = ParquetTables.problems(withShard(LEADING), table.schema());
    boolean hasMeasure =
        List.of(table.schema().fields()).stream().anyMatch(TokenRatiosTable::isMeasure);
    if (!hasMeasure) {
      problems.add("no column of a block's measure, such as attn_ratio array<float>");
    }
    ParquetTables.requireNone(problems, NAME, directory);
    return table.withMetadata(SHARD, shardField().metadata());
  }

  /** Whether a column holds one value a layer. */
  static boolean isMeasure(StructField field) {
    return field.dataType() instanceof ArrayType array
        && array.elementType().equals(DataTypes.FloatType);
  }

  static StructType leading() {
    return LEADING;
  }

  private static StructType leadingAndMeasures(
      StructType kept, List<String> blocks, List<String> measures) {
    StructType schema = LEADING;
    for (StructField field : kept.fields()) {
      schema = schema.add(optional(field.name(), field.dataType(), "kept from the corpus"));
    }
    for (String block : blocks) {
      for (String measure : measures) {
        schema = schema.add(measureField(block, measure));
      }
    }
    return schema;
  }

  private static StructField measureField(String block, String measure) {
    if (!BLOCKS.containsKey(block) || !MEASURES.containsKey(measure)) {
      throw new IllegalStateException("no column is known for " + block + " and " + measure);
    }
    String comment =
        MEASURES.get(measure) + ", one per layer in layer order, of " + BLOCKS.get(block);
    return required(block + "_" + measure, LAYER_VALUES, comment);
  }

  /** The columns of a file, whose directory tells the shard. */
  static StructType withoutShard(StructType schema) {
    return new StructType(
        Stream.of(schema.fields())
            .filter(field -> !field.name().equals(SHARD))
            .toArray(StructField[]::new));
  }

  private static StructType withShard(StructType schema) {
    return schema.add(shardField());
  }

  static StructField shardField() {
    return required(SHARD, DataTypes.IntegerType, "0-based shard of the corpus; the partition");
  }

  private static StructField required(String name, DataType type, String comment) {
    return new StructField(name, type, false, Metadata.empty()).withComment(comment);
  }

  private static StructField optional(String name, DataType type, String comment) {
    return new StructField(name, type, true, Metadata.empty()).withComment(comment);
  }
}
