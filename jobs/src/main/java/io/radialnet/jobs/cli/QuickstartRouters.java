package io.radialnet.jobs.cli;

import io.radialnet.jobs.options.FitRoutersOptions;
import io.radialnet.jobs.options.Learner;
import io.radialnet.jobs.options.ProfileOptions;
import io.radialnet.jobs.options.RouterDataOptions;
import io.radialnet.jobs.progress.StageClock;
import io.radialnet.jobs.routerdata.RouterDataJob;
import io.radialnet.jobs.routerdata.RouterDataResult;
import io.radialnet.jobs.routerfit.FitRoutersJob;
import io.radialnet.jobs.routerfit.FitRoutersResult;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.SparkSession;

/**
 * The routers of {@code quickstart}: of one model, in minutes, to see what there is to learn. An
 * ordinary run has more examples, chooses its hyperparameters and tells how routers transfer.
 *
 * @param data what examples are made
 * @param fit what is fitted on them
 */
record QuickstartRouters(RouterDataOptions data, FitRoutersOptions fit) {

  /**
   * About 1,000 a router of a model of 12 layers: what a router costs is Spark's jobs, not these.
   */
  private static final long EXAMPLES = 24_000;

  /**
   * The penalty that so few examples need; a choice among several would cost ten more fits a
   * router.
   */
  private static final double REGULARIZATION = 0.01;

  /** The paper's router is a perceptron; of few examples it has to be small. */
  private static final int HIDDEN = 4;

  /** Routers of a profile's model, beside the tables of its statistics. */
  static QuickstartRouters of(ProfileOptions profile, String examples, String out, String tables) {
    return new QuickstartRouters(
        RouterDataOptions.builder(profile.model(), profile.corpus(), profile.out(), examples)
            .examples(EXAMPLES)
            .build(),
        FitRoutersOptions.builder(examples, out)
            .tables(tables)
            .learners(Learner.MLP, Learner.LOGISTIC)
            .hidden(List.of(HIDDEN))
            .regularization(List.of(REGULARIZATION))
            .withoutTransfer()
            .overwriting() // a second quickstart replaces the first one's
            .build());
  }

  /**
   * Makes examples and fits routers on them.
   *
   * @return empty if the corpus has too few documents
   */
  Optional<FitRoutersResult> run(SparkSession spark, StageClock clock) {
    RouterDataResult examples = RouterDataJob.run(spark, data, System.err);
    clock.finished("router-data");
    if (!examples.areEnoughToFit()) {
      return Optional.empty();
    }
    FitRoutersResult routers = FitRoutersJob.run(spark, fit, System.err);
    clock.finished("fit-routers");
    return Optional.of(routers);
  }

  /** How it ended, a few lines. */
  List<String> ending(SparkSession spark, Optional<FitRoutersResult> routers) {
    if (routers.isEmpty()) {
      return List.of(
          "",
          "No routers were fitted: the corpus has too few documents to learn from some and be",
          "tested on others.");
    }
    List<String> lines =
        new ArrayList<>(
            List.of(
                "",
                "What routers of "
                    + routers.get().manifest().path("model").asText()
                    + " learnt, by documents they have not seen. Baselines are the share of",
                "tokens that can skip a block, and the ratio of the block before."));
    lines.addAll(
        RouterFindings.of(spark, fit.tables(), routers.get().manifest().path("run_id").asText()));
    lines.add(
        "They are in "
            + fit.out()
            + "/"
            + routers.get().manifest().path("files").path(Learner.MLP.toString()).asText()
            + "; all figures are in the tables");
    lines.add("router_quality, router_reliability and router_importance.");
    return lines;
  }
}
