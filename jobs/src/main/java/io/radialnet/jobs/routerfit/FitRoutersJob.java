package io.radialnet.jobs.routerfit;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.radialnet.error.UserException;
import io.radialnet.jobs.corpus.ExecutorFailures;
import io.radialnet.jobs.options.FitRoutersOptions;
import io.radialnet.jobs.options.Learner;
import io.radialnet.jobs.progress.StageClock;
import io.radialnet.jobs.provenance.ExamplesManifest;
import io.radialnet.jobs.provenance.RunManifest;
import io.radialnet.jobs.provenance.Versions;
import io.radialnet.jobs.table.StatisticsTable;
import io.radialnet.router.RouterName;
import io.radialnet.router.RouterWeights;
import io.radialnet.router.RoutersFile;
import io.radialnet.router.RoutersMetadata;
import io.radialnet.runtime.ProcessMemory;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.SparkSession;

/**
 * From router examples to fitted routers: MLlib models, files of routers for the engine, Delta
 * tables of their quality.
 */
public final class FitRoutersJob {

  private final SparkSession spark;
  private final FitRoutersOptions options;
  private final PrintStream progressSink;
  private final RouterOutput output;
  private final StageClock clock = new StageClock();

  private FitRoutersJob(SparkSession spark, FitRoutersOptions options, PrintStream progressSink) {
    this.spark = spark;
    this.options = options;
    this.progressSink = progressSink;
    Configuration conf = spark.sessionState().newHadoopConf();
    this.output = new RouterOutput(options.out(), options.learners(), conf);
  }

  /**
   * Runs the job.
   *
   * @param progressSink where progress is shown
   * @throws UserException for what the user can mend: see the messages
   */
  public static FitRoutersResult run(
      SparkSession spark, FitRoutersOptions options, PrintStream progressSink) {
    FitRoutersJob job = new FitRoutersJob(spark, options, progressSink);
    return ExecutorFailures.unwrap(job::run);
  }

  private FitRoutersResult run() {
    Examples examples = Examples.open(spark, options.examples());
    requireWritable();
    Survey survey = Survey.of(examples);
    clock.finished("survey");

    ObjectNode manifest = describe(examples.manifest());
    output.begin(manifest);
    List<FittedRouter> routers = fit(examples, survey);
    export(examples, routers);
    clock.finished("export");
    new QualityRows(examples.manifest(), routers).write(spark, options.tables());
    clock.finished("tables");
    return finish(manifest, survey, routers);
  }

  private void requireWritable() {
    output.requireFree(options.overwrite());
    StatisticsTable.requireDirectory(spark, options.tables());
    QualityRows.TABLES.forEach(table -> table.requireWritable(spark, options.tables()));
  }

  private ObjectNode describe(ExamplesManifest examples) {
    ObjectNode manifest = RunManifest.newObject();
    manifest.put("run_id", examples.runId());
    manifest.put("status", RunManifest.INCOMPLETE);
    ObjectNode asked = manifest.putObject("options");
    options.toMap().forEach(asked::put);
    manifest.put("model", examples.model());
    manifest.put("model_fingerprint", examples.modelFingerprint());
    manifest.put("corpus_fingerprint", examples.corpusFingerprint());
    manifest.put("layers", examples.layers());
    manifest.put("hidden_size", examples.hiddenSize());
    manifest.put("threshold", examples.threshold());
    manifest.set("features", examples.json().path("features"));
    Versions.all().forEach(manifest.putObject("versions")::put);
    return manifest;
  }

  private List<FittedRouter> fit(Examples examples, Survey survey) {
    try {
      GroupedExamples grouped =
          GroupedExamples.write(spark, examples, output.scratch(), options.seed());
      clock.finished("layout");
      List<Callable<FittedRouter>> fits = new ArrayList<>();
      for (RouterName name : survey.routers().keySet()) {
        fits.add(() -> new RouterFit(name, survey, examples, grouped, options, output).run());
      }
      int threads = options.parallelism().orElse(spark.sparkContext().defaultParallelism());
      List<FittedRouter> routers =
          new ArrayList<>(new RouterPool(spark.sparkContext(), threads, progressSink).run(fits));
      routers.sort(Comparator.comparing(FittedRouter::name));
      clock.finished("fit");
      return routers;
    } finally {
      output.deleteScratch();
    }
  }

  private List<Learner> exported() {
    return options.learners().stream().filter(learner -> learner != Learner.GBT).toList();
  }

  private void export(Examples examples, List<FittedRouter> routers) {
    ExamplesManifest manifest = examples.manifest();
    float[] logFrequencies = examples.logFrequencies(spark);
    for (Learner learner : exported()) {
      TreeMap<RouterName, RouterWeights> weights = new TreeMap<>();
      for (FittedRouter router : routers) {
        router.weights(learner).ifPresent(one -> weights.put(router.name(), one));
      }
      RoutersMetadata metadata =
          new RoutersMetadata(
              manifest.modelFingerprint(),
              manifest.runId(),
              learner.toString(),
              manifest.json().path("features").toString(),
              manifest.threshold(),
              options.shares());
      output.write(learner, new RoutersFile(metadata, weights, logFrequencies));
    }
  }

  private FitRoutersResult finish(ObjectNode manifest, Survey survey, List<FittedRouter> routers) {
    ObjectNode documents = manifest.putObject("documents");
    survey.documents().forEach(documents::put);
    manifest.put("slices_left_out", survey.slicesLeftOut());
    manifest.put(
        "examples", routers.stream().mapToLong(router -> router.counts().examples()).sum());
    ObjectNode files = manifest.putObject("files");
    exported().forEach(learner -> files.put(learner.toString(), output.fileName(learner)));
    ArrayNode told = manifest.putArray("routers");
    routers.forEach(router -> tell(router, told.addObject()));
    ObjectNode seconds = manifest.putObject("seconds");
    clock.seconds().forEach(seconds::put);
    seconds.put("total", clock.total());
    ProcessMemory.peakResidentBytes().ifPresent(bytes -> manifest.put("peak_memory_bytes", bytes));
    output.finish(manifest);
    return new FitRoutersResult(manifest, output.directory(), options.tables(), routers);
  }

  private void tell(FittedRouter router, ObjectNode told) {
    told.put("layer", router.name().layer());
    told.put("block", router.name().block().column());
    told.put("examples", router.counts().examples());
    told.put("base_rate", router.counts().baseRate());
    router.constant().ifPresent(reason -> told.put("constant", reason));
    told.put("seconds", router.seconds());
    ObjectNode learners = told.putObject("learners");
    for (FittedRouter.Fitted fitted : router.learners()) {
      ObjectNode one = learners.putObject(fitted.learner().toString());
      fitted.hyperparameters().forEach((name, value) -> one.putPOJO(name, value));
      fitted.crossValidatedAuc().ifPresent(auc -> one.put("cross_validated_auc", auc));
      ArrayNode reached = one.putArray("skipped_shares");
      router
          .measures()
          .thresholds()
          .get(fitted.learner().toString())
          .reached()
          .forEach(reached::add);
    }
  }
}
