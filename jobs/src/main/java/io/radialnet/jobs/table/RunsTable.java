package io.radialnet.jobs.table;

import org.apache.spark.sql.types.DataTypes;

/**
 * {@code runs}: one row a run, written last, so that a run that is here is whole in all tables. A
 * pool has a row of its own.
 */
public final class RunsTable {

  /** The table. */
  public static final StatisticsTable TABLE =
      StatisticsTable.define(
              "runs", "One row a run, written after all other tables: a run that is here is whole.")
          .required("family", DataTypes.StringType, "the model's family, such as opt")
          .required("modality", DataTypes.StringType, "what tokens are: text or image patches")
          .required("parameters", DataTypes.LongType, "numbers in the model, tied ones once")
          .required("layers", DataTypes.IntegerType, "transformer layers")
          .required("hidden_size", DataTypes.IntegerType, "numbers a token in the residual stream")
          .required("model_fingerprint", DataTypes.StringType, "hash of the model's files")
          .optional(
              "corpus_fingerprint", DataTypes.StringType, "hash of the corpus; null for a pool")
          .required(
              "blocks", ColumnTypes.STRINGS, "residual additions measured, of attn, mlp, layer")
          .required("slice_by", ColumnTypes.STRINGS, "kept columns whose values are slices")
          .required("documents", DataTypes.LongType, "documents profiled")
          .required("tokens", DataTypes.LongType, "tokens profiled, special ones included")
          .required("windows", DataTypes.LongType, "windows profiled")
          .required("errors", DataTypes.LongType, "documents that could not be profiled")
          .required(
              "unusable_ratios",
              DataTypes.LongType,
              "ratios that are NaN, infinite or negative, in no statistic but this")
          .optional(
              "seconds", DataTypes.DoubleType, "wall-clock seconds of profile; null for a pool")
          .optional(
              "tokens_per_second", DataTypes.DoubleType, "tokens a second of profile; as above")
          .optional(
              "peak_memory_bytes",
              DataTypes.LongType,
              "largest resident memory of one process of profile, in bytes; null for a pool")
          .optional("profile", DataTypes.StringType, "the profile's directory; null for a pool")
          .optional("run_json", DataTypes.StringType, "the profile's run.json; null for a pool")
          .required(
              "members", ColumnTypes.STRINGS, "run_ids merged here: itself, or those of the pool")
          .required("is_pool", DataTypes.BooleanType, "whether this is a pool")
          .required("bootstrap", DataTypes.IntegerType, "resamples behind the intervals")
          .required("seed", DataTypes.LongType, "seed of the resampling")
          .required("versions", DataTypes.StringType, "versions that aggregated, as JSON")
          .required("aggregated_at", DataTypes.TimestampType, "when this row was written")
          .check("has_documents", "documents >= 0 AND tokens >= 0 AND windows >= 0 AND errors >= 0")
          .check("has_layers", "layers > 0 AND parameters > 0 AND hidden_size > 0")
          .notNegative("seconds", "tokens_per_second")
          .build();

  private RunsTable() {}
}
