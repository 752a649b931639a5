package io.radialnet.jobs.table;

import java.util.List;
import org.apache.spark.sql.types.DataTypes;

/**
 * {@code layer_sparsity}: how large residual ratios are, by slice of the tokens, block and layer.
 * The last columns hold what a pool is merged from without reading a profile again.
 */
public final class LayerSparsityTable {

  /** The ranks of the quantile columns, in their order. */
  public static final List<Double> RANKS =
      List.of(0.01, 0.05, 0.10, 0.25, 0.50, 0.75, 0.90, 0.95, 0.99);

  /** The quantile columns. */
  public static final List<String> QUANTILES =
      List.of("p01", "p05", "p10", "p25", "p50", "p75", "p90", "p95", "p99");

  /** The thresholds of the columns of {@link #BELOW}. */
  public static final List<Double> THRESHOLDS = List.of(0.01, 0.02, 0.05, 0.10, 0.20);

  /** The columns of the share of ratios under a threshold. */
  public static final List<String> BELOW =
      List.of("below_01", "below_02", "below_05", "below_10", "below_20");

  /** In column {@code layer}: all layers pooled. */
  public static final int ALL_LAYERS = -1;

  /** In column {@code block}: attn and mlp pooled. */
  public static final String ALL_BLOCKS = "all";

  /** In column {@code slice}: every token that is not special. */
  public static final String ALL_TOKENS = "all";

  /** In column {@code slice}: the special tokens. */
  public static final String SPECIAL_TOKENS = "special";

  /** In column {@code slice}: position 0 of a window, whatever is there. */
  public static final String FIRST_TOKENS = "first";

  /** The table. */
  public static final StatisticsTable TABLE = definition();

  private LayerSparsityTable() {}

  private static StatisticsTable definition() {
    StatisticsTable.Builder table =
        StatisticsTable.define(
                "layer_sparsity",
                "Residual ratios |f| / |x + f| (no unit) by slice of the tokens, block and layer.")
            .required("family", DataTypes.StringType, "the model's family, such as opt")
            .required("modality", DataTypes.StringType, "what tokens are: text or image patches")
            .required("parameters", DataTypes.LongType, "numbers in the model, tied ones once")
            .required("layers", DataTypes.IntegerType, "transformer layers of the model")
            .required(
                "slice",
                DataTypes.StringType,
                "which tokens: all (not special), special, first (position 0 of a window, whatever"
                    + " it is), or those not special with a value of a kept column: domain=books")
            .required(
                "block",
                DataTypes.StringType,
                "which residual addition: attn, mlp, layer (the whole layer as one), or all (attn"
                    + " and mlp pooled)")
            .required("layer", DataTypes.IntegerType, "0-based layer; -1: all layers pooled")
            .required("tokens", DataTypes.LongType, "tokens of the slice")
            .required("observations", DataTypes.LongType, "ratios behind the row")
            .required("documents", DataTypes.LongType, "documents with a token in the slice")
            .optional("mean", DataTypes.DoubleType, "mean ratio, no unit")
            .optional("stddev", DataTypes.DoubleType, "standard deviation of ratios (n - 1)");
    for (int i = 0; i < QUANTILES.size(); i++) {
      String comment = "quantile of ratios at rank " + RANKS.get(i) + ", from the sketch, no unit";
      table.optional(QUANTILES.get(i), DataTypes.DoubleType, comment);
    }
    table
        .optional(
            "p50_low",
            DataTypes.DoubleType,
            "lower end of the 95 % interval of p50, by a bootstrap over documents; null under 20"
                + " documents")
        .optional("p50_high", DataTypes.DoubleType, "upper end of that interval");
    for (int i = 0; i < BELOW.size(); i++) {
      String comment = "share of observations with a ratio under " + THRESHOLDS.get(i);
      table.optional(BELOW.get(i), DataTypes.DoubleType, comment).share(BELOW.get(i));
    }
    return table
        .optional(
            "cosine_mean",
            DataTypes.DoubleType,
            "mean cosine of the stream before and after the addition, -1 to 1; null where it was"
                + " not measured")
        .required(
            "sketch",
            DataTypes.BinaryType,
            "the ratios' quantiles as a compact KLL floats sketch of Apache DataSketches, mergeable")
        .required(
            "unusable",
            DataTypes.LongType,
            "values that are no ratio (NaN, infinite or negative), in no other column")
        .required("cosine_observations", DataTypes.LongType, "finite cosines behind cosine_mean")
        .optional(
            "document_groups",
            DataTypes.BinaryType,
            "the ratios' histogram in each of at most 1,024 groups of documents, for the bootstrap;"
                + " null where several layers or blocks are pooled, whose groups are the sums")
        .required("members", ColumnTypes.STRINGS, "run_ids merged in this row")
        .check("block_is_known", "block IN ('attn', 'mlp', 'layer', 'all')")
        .check("layer_is_known", "layer >= -1 AND layer < layers")
        .check("counts_fit", "tokens > 0 AND documents > 0 AND observations >= 0 AND unusable >= 0")
        .check(
            "quantiles_ascend",
            "p01 <= p05 AND p05 <= p10 AND p10 <= p25 AND p25 <= p50 AND"
                + " p50 <= p75 AND p75 <= p90 AND p90 <= p95 AND p95 <= p99 AND p99 < 1e308D")
        .check("interval_holds_p50", "p50_low <= p50 AND p50 <= p50_high")
        .check("cosine_is_one", "cosine_mean >= -1.001D AND cosine_mean <= 1.001D")
        .notNegative("mean", "stddev", "p01")
        .build();
  }
}
