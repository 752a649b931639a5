package io.radialnet.jobs.table;

import io.delta.tables.DeltaTable;
import io.radialnet.error.UserException;
import java.io.IOException;
import java.util.Collection;
import java.util.ConcurrentModificationException;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Collectors;
import org.apache.hadoop.fs.FSError;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.SparkThrowable;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.delta.DeltaLog;
import org.apache.spark.sql.delta.actions.Format;
import org.apache.spark.sql.delta.actions.Metadata;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import scala.Option;
import scala.jdk.javaapi.CollectionConverters;

/**
 * A Delta table of statistics: its name, columns with comments and units, and constraints. All are
 * partitioned by {@code run_id}; a run's rows are replaced in one commit. Only features that DuckDB
 * and delta-rs read are used (reader version 1, writer version 3). Immutable, thread-safe.
 *
 * <p>Two writers at once both land: Delta refuses the later of two commits that touch the same run,
 * or that create the same table, and the write is tried again. On file systems without an atomic
 * "create if absent" (S3 without a commit coordinator) that holds within one driver only.
 */
public final class StatisticsTable {

  /** The partition column of every table. */
  public static final String RUN_ID = "run_id";

  /** The model's name, second in every table. */
  public static final String MODEL = "model";

  private static final String LOG = "_delta_log";
  private static final String CREATED_MEANWHILE = "DELTA_TABLE_NOT_FOUND";

  private static final int ATTEMPTS = 10;
  private static final long FIRST_PAUSE_MILLIS = 100;
  private static final long LONGEST_PAUSE_MILLIS = 5_000;
  private static final String ADVICE =
      " Every write leaves the files that it replaces for readers of older versions. After many"
          + " writes: OPTIMIZE delta.`<this directory>` and VACUUM delta.`<this directory>` RETAIN"
          + " 168 HOURS.";

  private final String name;
  private final String description;
  private final StructType schema;
  private final Map<String, String> checks;

  private StatisticsTable(Builder builder) {
    this.name = builder.name;
    this.description = builder.description;
    this.schema = builder.schema;
    this.checks = Map.copyOf(builder.checks);
  }

  /** Begins the definition of a table, with its columns {@code run_id} and {@code model}. */
  public static Builder define(String name, String description) {
    return new Builder(name, description)
        .required(RUN_ID, DataTypes.StringType, "the profile's run_id, or the pool's name")
        .required(MODEL, DataTypes.StringType, "the model's name");
  }

  /** The table's name, and its directory's. */
  public String name() {
    return name;
  }

  /** Its columns. */
  public StructType schema() {
    return schema;
  }

  /** Its CHECK constraints by name. */
  public Map<String, String> checks() {
    return checks;
  }

  /** A row to be filled. */
  public TableRow row() {
    return new TableRow(this);
  }

  /**
   * Checks that a directory is one for tables: it is not there, or empty, or holds a Delta table.
   *
   * @throws UserException when it is something else
   */
  public static void requireDirectory(SparkSession spark, String tables) {
    Path directory = new Path(tables);
    try {
      FileSystem files = directory.getFileSystem(spark.sessionState().newHadoopConf());
      if (!files.exists(directory)) {
        return;
      }
      if (!files.getFileStatus(directory).isDirectory()) {
        throw UserException.of(
            "Cannot write tables to " + tables, "it is a file", "Name a directory with --tables");
      }
      String foreign = null;
      for (FileStatus status : files.listStatus(directory)) {
        if (files.exists(new Path(status.getPath(), LOG))) {
          return;
        }
        // Another writer may be about to make its first table.
        foreign = holdsNoFiles(files, status.getPath()) ? foreign : status.getPath().getName();
      }
      if (foreign != null) {
        throw UserException.of(
            "Cannot write tables to " + tables,
            "it holds '" + foreign + "' and no Delta table",
            "Choose a new or empty directory with --tables");
      }
    } catch (IOException | IllegalArgumentException e) {
      throw unwritable(directory, e);
    }
  }

  /** Where it lies in a directory of tables. */
  public String path(SparkSession spark, String tables) {
    Path path = new Path(new Path(tables), name);
    try {
      return path.getFileSystem(spark.sessionState().newHadoopConf())
          .makeQualified(path)
          .toString();
    } catch (IOException | IllegalArgumentException e) {
      throw unwritable(path, e);
    }
  }

  /** Whether it is there. */
  public boolean exists(SparkSession spark, String tables) {
    // A creation that died has left a log without a version: that is no table yet.
    String path = path(spark, tables);
    return DeltaTable.isDeltaTable(spark, path) && latest(spark, path).version() >= 0;
  }

  /**
   * Its rows; none when it is not there.
   *
   * @throws UserException when what is there lacks a column
   */
  public Dataset<Row> read(SparkSession spark, String tables) {
    if (!exists(spark, tables)) {
      return spark.createDataFrame(List.<Row>of(), schema);
    }
    Dataset<Row> rows = spark.read().format("delta").load(path(spark, tables));
    requireColumns(rows.schema(), path(spark, tables));
    return rows;
  }

  private void requireColumns(StructType found, String path) {
    List<String> problems = ParquetTables.problems(schema, found);
    if (!problems.isEmpty()) {
      throw UserException.of(
          "Cannot use " + path + " as table " + name,
          "it has " + String.join("; ", problems),
          "Choose --tables of this version, or move the table away");
    }
  }

  /**
   * Checks that rows can be written: there is no table, or it is this one.
   *
   * @throws UserException when something else is there
   */
  public void requireWritable(SparkSession spark, String tables) {
    Path path = new Path(path(spark, tables));
    if (exists(spark, tables)) {
      requireColumns(latest(spark, path.toString()).schema(), path.toString());
      return;
    }
    try {
      FileSystem files = path.getFileSystem(spark.sessionState().newHadoopConf());
      if (files.exists(path) && !holdsNoFiles(files, path)) {
        throw UserException.of(
            "Cannot write table " + path,
            "something else is there",
            "Choose another --tables, or move it away");
      }
    } catch (IOException e) {
      throw unwritable(path, e);
    }
  }

  /** Whether it is a directory with nothing but what writers leave that have not committed yet. */
  private static boolean holdsNoFiles(FileSystem files, Path path) throws IOException {
    if (!files.getFileStatus(path).isDirectory()) {
      return false;
    }
    for (FileStatus status : files.listStatus(path)) {
      String child = status.getPath().getName();
      if (!child.equals(LOG) && !child.startsWith(RUN_ID + "=")) {
        return false;
      }
    }
    return true;
  }

  /**
   * Replaces all rows of some runs by {@code rows} in one commit.
   *
   * @throws UserException when it cannot be written, or other writers win again and again
   */
  public void replace(
      SparkSession spark, String tables, Collection<String> runIds, Dataset<Row> rows) {
    commit(spark, tables, rows, new TableCommit(Optional.of(where(runIds)), Optional.empty()));
  }

  /**
   * As {@link #replace}, unless {@code writer} has done this or a later {@code generation} before:
   * then nothing is written. So of two that read the same state and would replace it, one does.
   */
  public void replaceOnce(
      SparkSession spark,
      String tables,
      Collection<String> runIds,
      Dataset<Row> rows,
      String writer,
      long generation) {
    commit(
        spark,
        tables,
        rows,
        new TableCommit(
            Optional.of(where(runIds)),
            Optional.of(new TableCommit.Generation(writer, generation))));
  }

  /**
   * Rows of one version of the table.
   *
   * @param rows as they were
   * @param generation the last one that the writer asked for has written by {@link #replaceOnce}; 0
   *     if none
   */
  public record Snapshot(Dataset<Row> rows, long generation) {}

  /** The latest version, for a writer that will replace what it has read. */
  public Snapshot snapshot(SparkSession spark, String tables, String writer) {
    if (!exists(spark, tables)) {
      return new Snapshot(read(spark, tables), 0);
    }
    org.apache.spark.sql.delta.Snapshot snapshot = latest(spark, path(spark, tables));
    Option<Object> generation = snapshot.transactions().get(writer);
    Dataset<Row> rows =
        spark
            .read()
            .format("delta")
            .option("versionAsOf", snapshot.version())
            .load(path(spark, tables));
    return new Snapshot(rows, generation.isEmpty() ? 0 : (Long) generation.get());
  }

  private static org.apache.spark.sql.delta.Snapshot latest(SparkSession spark, String path) {
    return DeltaLog.forTable(spark, path).update(false, Option.empty(), Option.empty());
  }

  /** Replaces all rows of the table. */
  public void replaceAll(SparkSession spark, String tables, Dataset<Row> rows) {
    commit(spark, tables, rows, new TableCommit(Optional.empty(), Optional.empty()));
  }

  /** Removes all rows of some runs; no commit when there are none. */
  public void remove(SparkSession spark, String tables, Collection<String> runIds) {
    if (exists(spark, tables)) {
      retrying(
          spark,
          tables,
          () -> {
            if (!read(spark, tables).where(where(runIds)).isEmpty()) {
              DeltaTable.forPath(spark, path(spark, tables)).delete(where(runIds));
            }
          });
    }
  }

  /** The SQL condition for the rows of some runs. */
  public static String where(Collection<String> runIds) {
    return runIds.stream()
        .map(id -> "'" + id.replace("\\", "\\\\").replace("'", "\\'") + "'")
        .collect(Collectors.joining(", ", RUN_ID + " IN (", ")"));
  }

  private void commit(
      SparkSession spark, String tables, Dataset<Row> rows, TableCommit replacement) {
    retrying(
        spark, tables, () -> replacement.write(rows, spark, path(spark, tables), definition()));
  }

  /** What Delta stores of the table: it is whole, constraints included, from its first commit. */
  private Metadata definition() {
    Map<String, String> properties = new HashMap<>();
    properties.put("delta.enableDeletionVectors", "false");
    properties.put("delta.columnMapping.mode", "none");
    properties.put("delta.minReaderVersion", "1");
    properties.put("delta.minWriterVersion", "3");
    checks.forEach((check, condition) -> properties.put("delta.constraints." + check, condition));
    return new Metadata(
        UUID.randomUUID().toString(),
        /* name= */ null,
        description + ADVICE,
        new Format("parquet", scala.collection.immutable.Map$.MODULE$.empty()),
        schema.json(),
        CollectionConverters.asScala(List.of(RUN_ID)).toList(),
        scala.collection.immutable.Map$.MODULE$.from(CollectionConverters.asScala(properties)),
        Option.apply(System.currentTimeMillis()));
  }

  /** In the session given: what Delta does on its own it does in the active one. */
  private void retrying(SparkSession spark, String tables, Runnable write) {
    Option<SparkSession> before = SparkSession.getActiveSession();
    SparkSession.setActiveSession(spark);
    try {
      attempt(spark, tables, write);
    } finally {
      if (before.isDefined()) {
        SparkSession.setActiveSession(before.get());
      } else {
        SparkSession.clearActiveSession();
      }
    }
  }

  private void attempt(SparkSession spark, String tables, Runnable write) {
    long pause = FIRST_PAUSE_MILLIS;
    for (int attempt = 1; ; attempt++) {
      try {
        write.run();
        return;
      } catch (Exception e) { // Scala throws checked exceptions without declaring them
        if (!isConflict(e)) {
          throw worded(spark, tables, e);
        }
        if (attempt == ATTEMPTS) {
          throw UserException.of(
              "Cannot write table " + path(spark, tables),
              "other writers were faster " + ATTEMPTS + " times",
              "Run again when they are done",
              e);
        }
      }
      sleep(ThreadLocalRandom.current().nextLong(pause / 2, pause));
      pause = Math.min(2 * pause, LONGEST_PAUSE_MILLIS);
    }
  }

  private static boolean isConflict(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof ConcurrentModificationException
          || cause instanceof org.apache.hadoop.fs.FileAlreadyExistsException
          || cause instanceof java.nio.file.FileAlreadyExistsException
          || isCreatedMeanwhile(cause)) {
        return true;
      }
    }
    return false;
  }

  /** Delta finds the table that another has made, and still has a snapshot from before. */
  private static boolean isCreatedMeanwhile(Throwable cause) {
    return cause instanceof SparkThrowable failure
        && CREATED_MEANWHILE.equals(failure.getCondition());
  }

  private RuntimeException worded(SparkSession spark, String tables, Exception failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof UserException user) {
        return user;
      }
      if (cause instanceof IOException || cause instanceof FSError) {
        return unwritable(new Path(path(spark, tables)), cause);
      }
    }
    return failure instanceof RuntimeException runtime
        ? runtime
        : new IllegalStateException("writing " + path(spark, tables) + " failed", failure);
  }

  private static UserException unwritable(Path path, Throwable cause) {
    return UserException.of(
        "Cannot write table " + path,
        cause.getMessage() == null ? cause.toString() : cause.getMessage(),
        "Choose --tables that can be written to, free space, and run again",
        cause);
  }

  private static void sleep(long millis) {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while waiting for another writer", e);
    }
  }

  /** Collects columns and constraints. Not thread-safe. */
  public static final class Builder {
    private final String name;
    private final String description;
    private StructType schema = new StructType();
    private final Map<String, String> checks = new LinkedHashMap<>();

    private Builder(String name, String description) {
      this.name = name;
      this.description = description;
    }

    /** A column that is never null. */
    public Builder required(String column, DataType type, String comment) {
      return column(column, type, false, comment);
    }

    /** A column that may be null. */
    public Builder optional(String column, DataType type, String comment) {
      return column(column, type, true, comment);
    }

    private Builder column(String column, DataType type, boolean nullable, String comment) {
      schema = schema.add(DataTypes.createStructField(column, type, nullable).withComment(comment));
      return this;
    }

    /** What holds for every row; a condition that is null holds. */
    public Builder check(String constraint, String condition) {
      // Delta refuses a row whose condition is null.
      checks.put(constraint, "(" + condition + ") IS NOT FALSE");
      return this;
    }

    /** What holds for a number that is there: it is finite and not negative. */
    public Builder notNegative(String... columns) {
      for (String column : columns) {
        // NaN is above all numbers to Spark.
        check(column + "_not_negative", column + " >= 0 AND " + column + " < 1e308D");
      }
      return this;
    }

    /** What holds for a share that is there: it is 0 to 1. */
    public Builder share(String... columns) {
      for (String column : columns) {
        check(column + "_is_a_share", column + " >= 0 AND " + column + " <= 1");
      }
      return this;
    }

    /** The definition. */
    public StatisticsTable build() {
      return new StatisticsTable(this);
    }
  }
}
