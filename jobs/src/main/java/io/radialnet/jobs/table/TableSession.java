package io.radialnet.jobs.table;

import org.apache.spark.sql.SparkSession;

/**
 * Sessions for tables of few rows. To compile the code of a query costs more there than to
 * interpret it, and Delta runs many a query for each commit: on one partition, for its log of few
 * files fits in it. Statistics of files that it would skip by are of no use either, as a run is a
 * partition.
 */
public final class TableSession {

  private TableSession() {}

  /** A session like another, whose settings stay as they are. */
  public static SparkSession like(SparkSession spark) {
    SparkSession session = ((org.apache.spark.sql.classic.SparkSession) spark).cloneSession();
    session.conf().set("spark.sql.codegen.wholeStage", "false");
    session.conf().set("spark.sql.codegen.factoryMode", "NO_CODEGEN");
    session.conf().set("spark.sql.adaptive.enabled", "false");
    session.conf().set("spark.sql.ui.explainMode", "simple");
    session.conf().set("spark.sql.shuffle.partitions", "1");
    session.conf().set("spark.databricks.delta.snapshotPartitions", "1");
    session.conf().set("spark.databricks.delta.stats.skipping", "false");
    session.conf().set("spark.databricks.delta.stats.collect", "false");
    return session;
  }
}
