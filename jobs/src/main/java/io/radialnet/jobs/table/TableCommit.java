package io.radialnet.jobs.table;

import java.util.Optional;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.parser.ParseException;
import org.apache.spark.sql.delta.DeltaLog;
import org.apache.spark.sql.delta.DeltaOperations;
import org.apache.spark.sql.delta.OptimisticTransaction;
import org.apache.spark.sql.delta.actions.Action;
import org.apache.spark.sql.delta.actions.AddFile;
import org.apache.spark.sql.delta.actions.Metadata;
import org.apache.spark.sql.delta.actions.SetTransaction;
import org.apache.spark.sql.delta.constraints.Constraint;
import org.apache.spark.sql.delta.constraints.Constraints;
import scala.Option;
import scala.collection.immutable.Seq;
import scala.collection.mutable.ListBuffer;

/**
 * One commit to a Delta table: the table itself when it is not there yet, old rows out, new rows
 * in. By Delta's own transaction, for its writers that are public make a table and fill it in two
 * commits, and to commit costs more than the rows of a small table.
 *
 * @param where the condition, on partition columns, of the rows that are replaced, which all new
 *     rows meet; empty for all rows
 * @param once who writes and which generation of it; empty for a write that may be repeated
 */
record TableCommit(Optional<String> where, Optional<Generation> once) {

  private static final int NO_TABLE = -1;

  /** The writes of one writer in order. */
  record Generation(String writer, long number) {}

  /**
   * Commits, unless this or a later generation has been.
   *
   * @param definition of the table, where it is not there yet
   * @throws java.util.ConcurrentModificationException when another commit came first and touches
   *     the same rows, or made the table
   */
  void write(Dataset<Row> rows, SparkSession spark, String path, Metadata definition) {
    DeltaLog log = DeltaLog.forTable(spark, path);
    // First, so that who looks meanwhile sees a table's place and not files of something else.
    log.createLogDirectoriesIfNotExists();
    OptimisticTransaction transaction = log.startTransaction(Option.empty(), Option.empty());
    if (once.isPresent() && transaction.txnVersion(once.get().writer()) >= once.get().number()) {
      return;
    }
    ListBuffer<Action> actions = new ListBuffer<>();
    if (transaction.readVersion() == NO_TABLE) {
      transaction.updateMetadataForNewTable(definition);
    } else {
      replaced(transaction, spark).foreach(file -> actions.addOne(file.remove()));
    }
    transaction.writeFiles(rows, constraints(spark)).foreach(actions::addOne);
    once.ifPresent(writer -> actions.addOne(marked(writer)));
    transaction.commit(
        actions.toList(),
        new DeltaOperations.Write(
            SaveMode.Overwrite, Option.empty(), Option.apply(where.orElse(null)), Option.empty()));
  }

  private Seq<AddFile> replaced(OptimisticTransaction transaction, SparkSession spark) {
    return where.isEmpty()
        ? transaction.filterFiles()
        : transaction.filterFiles(one(condition(spark)), /* keepNumRecords= */ false);
  }

  /** What holds for the new rows beside what the table asks of them. */
  private Seq<Constraint> constraints(SparkSession spark) {
    return where.isEmpty()
        ? new ListBuffer<Constraint>().toList()
        : one(new Constraints.Check("replaced_rows", condition(spark)));
  }

  private Expression condition(SparkSession spark) {
    try {
      return spark.sessionState().sqlParser().parseExpression(where.get());
    } catch (ParseException e) {
      throw new IllegalStateException("not a condition: " + where.get(), e);
    }
  }

  private static SetTransaction marked(Generation writer) {
    return new SetTransaction(
        writer.writer(), writer.number(), Option.apply(System.currentTimeMillis()));
  }

  private static <T> Seq<T> one(T element) {
    return new ListBuffer<T>().addOne(element).toList();
  }
}
