package io.radialnet.jobs.routerdata;

import io.radialnet.error.UserException;
import io.radialnet.jobs.corpus.ExecutorFailures;
import io.radialnet.jobs.table.TokenRatiosReader;
import io.radialnet.jobs.table.TokenRatiosTable;
import io.radialnet.jobs.table.TokenWindow;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.apache.hadoop.fs.Path;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.Function;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.util.SerializableConfiguration;

/**
 * Counts the candidates of one shard of a profile, stratum by stratum, without running a model.
 * Serialized to executors; small.
 */
final class CensusTask implements Function<Integer, Strata> {

  private static final long serialVersionUID = 1L;

  private static final int MERGE_DEPTH = 2;

  private final ExamplePlan plan;
  private final SamplePlan drawn;
  private final Broadcast<SerializableConfiguration> hadoop;

  private CensusTask(
      ExamplePlan plan, SamplePlan drawn, Broadcast<SerializableConfiguration> hadoop) {
    this.plan = plan;
    this.drawn = drawn;
    this.hadoop = hadoop;
  }

  /**
   * One pass over a profile.
   *
   * @param drawn to count only what is drawn
   */
  static Strata count(
      SparkSession spark,
      ExamplePlan plan,
      int shards,
      Optional<SamplePlan> drawn,
      Broadcast<SerializableConfiguration> hadoop) {
    List<Integer> all = IntStream.range(0, shards).boxed().toList();
    return new JavaSparkContext(spark.sparkContext())
        .parallelize(all, shards)
        .map(new CensusTask(plan, drawn.orElse(null), hadoop))
        .treeReduce(Strata::merge, MERGE_DEPTH);
  }

  @Override
  public Strata call(Integer shard) throws IOException {
    Strata strata = new Strata(2 * plan.layers());
    Path file = TokenRatiosTable.shardFile(new Path(plan.tokenRatios()), shard);
    try (TokenRatiosReader reader = plan.open(file, hadoop.value().value())) {
      TokenWindow window = reader.window();
      while (reader.next()) {
        TaskContext.get().killTaskIfInterrupted();
        String domain = plan.domain(window);
        plan.candidates()
            .visit(
                window,
                (token, block, label, hash) -> {
                  if (drawn == null || drawn.draws(domain, block, label, hash)) {
                    strata.add(domain, block, label, hash);
                  }
                });
      }
    } catch (UserException e) {
      throw ExecutorFailures.ofTask(e);
    }
    return strata;
  }
}
