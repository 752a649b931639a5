package io.radialnet.jobs.table;

import org.apache.spark.sql.types.DataTypes;

/** {@code token_sparsity}: ratios by token of the vocabulary, with one occurrence in context. */
public final class TokenSparsityTable {

  /** The table. */
  public static final StatisticsTable TABLE =
      StatisticsTable.define(
              "token_sparsity", "Residual ratios (no unit) by token of the vocabulary.")
          .required("block", DataTypes.StringType, "attn, mlp, layer, or all (attn and mlp pooled)")
          .required("token_id", DataTypes.IntegerType, "the token's number in the vocabulary")
          .required("token", DataTypes.StringType, "the token as the vocabulary spells it")
          .required("tokens", DataTypes.LongType, "occurrences")
          .optional("mean", DataTypes.DoubleType, "mean ratio over occurrences and layers")
          .optional("p50", DataTypes.DoubleType, "median ratio over occurrences and layers")
          .required(
              "example",
              DataTypes.StringType,
              "readable text around one occurrence, which stands between [[ and ]]")
          .required("is_special", DataTypes.BooleanType, "whether it is a special token")
          .check("block_is_known", "block IN ('attn', 'mlp', 'layer', 'all')")
          .check("has_tokens", "tokens > 0 AND token_id >= 0")
          .notNegative("mean", "p50")
          .build();

  private TokenSparsityTable() {}
}
