package io.radialnet.jobs.routerdata;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.radialnet.error.UserException;
import io.radialnet.jobs.corpus.Corpus;
import io.radialnet.jobs.corpus.CorpusScan;
import io.radialnet.jobs.corpus.ExecutorFailures;
import io.radialnet.jobs.options.DeviceChoice;
import io.radialnet.jobs.options.Dtype;
import io.radialnet.jobs.options.RouterDataOptions;
import io.radialnet.jobs.progress.ShownTasks;
import io.radialnet.jobs.progress.StageClock;
import io.radialnet.jobs.provenance.ExamplesManifest;
import io.radialnet.jobs.provenance.RunId;
import io.radialnet.jobs.provenance.RunManifest;
import io.radialnet.jobs.provenance.Versions;
import io.radialnet.jobs.shard.DeviceCheck;
import io.radialnet.jobs.shard.ExecutorPath;
import io.radialnet.jobs.shard.ProgressCounters;
import io.radialnet.jobs.shard.RunProducts;
import io.radialnet.jobs.shard.ShardedOutput;
import io.radialnet.jobs.shard.ShardedOutput.Layout;
import io.radialnet.jobs.shard.ShardedOutput.Overwrite;
import io.radialnet.jobs.table.RouterExamplesTable;
import io.radialnet.jobs.table.TokenFrequenciesTable;
import io.radialnet.router.RouterFeatures;
import io.radialnet.router.RouterFeatures.Inputs;
import io.radialnet.runtime.ModelInfo;
import io.radialnet.runtime.ModelSpec;
import io.radialnet.runtime.Models;
import io.radialnet.runtime.ProcessMemory;
import io.radialnet.runtime.Threads;
import io.radialnet.tensor.ElementType;
import io.radialnet.tensor.Float32Products;
import io.radialnet.transformer.Blueprint.Head;
import java.io.PrintStream;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.util.SerializableConfiguration;

/**
 * Draws examples from a profile and runs the model over their windows. The same command on the same
 * data goes on where it was interrupted. What is drawn depends on the profile and the options
 * alone.
 */
public final class RouterDataJob {

  private static final Layout LAYOUT =
      new Layout(
          "router-data",
          ExamplesManifest.FILE_NAME,
          RouterExamplesTable.NAME,
          List.of(TokenFrequenciesTable.NAME));

  private final SparkSession spark;
  private final RouterDataOptions options;
  private final PrintStream progressSink;
  private final Configuration conf;
  private final StageClock clock = new StageClock();

  private RouterDataJob(SparkSession spark, RouterDataOptions options, PrintStream progressSink) {
    this.spark = spark;
    this.options = options;
    this.progressSink = progressSink;
    this.conf = spark.sessionState().newHadoopConf();
    Threads.ofOneTask(spark.sparkContext().getConf().getInt("spark.task.cpus", 1));
  }

  /**
   * Runs the job.
   *
   * @param progressSink where progress is shown
   * @throws UserException for what the user can mend: see the messages
   */
  public static RouterDataResult run(
      SparkSession spark, RouterDataOptions options, PrintStream progressSink) {
    return new RouterDataJob(spark, options, progressSink).run();
  }

  private RouterDataResult run() {
    ProfileInput profile = ProfileInput.open(spark, options, conf);
    ModelInfo model = Models.inspect(options.model(), Head.UNUSED, conf);
    profile.requireOf(model, options.model());
    checkDevice();
    ShardedOutput output = new ShardedOutput(LAYOUT, options.out(), conf);
    output.requireOutside(options.corpus());
    CorpusScan corpus = scan(profile);
    profile.requireOf(corpus, options.corpus());
    clock.finished("check");

    Map<String, String> deciding = deciding(profile, model, corpus);
    ObjectNode manifest = describe(profile, model, corpus, deciding);
    output.claim(manifest, deciding, options.overwrite() ? Overwrite.REPLACE : Overwrite.KEEP);
    int[] missing = output.missingShards(profile.shards());
    Optional<ObjectNode> finished = output.earlier().filter(RouterDataJob::isComplete);
    if (missing.length == 0 && finished.isPresent()) {
      return new RouterDataResult(finished.get(), output.directory());
    }
    output.write(manifest); // "incomplete", also where a complete run has lost a file
    ExamplePlan plan = plan(profile, model, manifest, output);
    ExecutorFailures.unwrap(() -> sampleAndRun(profile, model, plan, manifest, missing));
    return finish(profile, output, manifest);
  }

  private static boolean isComplete(ObjectNode manifest) {
    return manifest.path("status").asText().equals(RunManifest.COMPLETE);
  }

  /** CUDA that is not there is said before a large corpus is read. */
  private void checkDevice() {
    if (options.device() == DeviceChoice.CUDA) {
      ExecutorFailures.unwrap(() -> DeviceCheck.run(spark, options.device().toString()));
    }
  }

  private CorpusScan scan(ProfileInput profile) {
    return ExecutorFailures.unwrap(
        () -> Corpus.open(spark, profile.corpusOptions(options.corpus())).scan());
  }

  private ElementType dtype(ProfileInput profile) {
    return ElementType.of(
        options.dtype() == Dtype.AUTO ? profile.dtype() : options.dtype().toString());
  }

  private Float32Products products(ProfileInput profile) {
    return RunProducts.of(conf, dtype(profile));
  }

  private RouterFeatures features() {
    return new RouterFeatures(options.projection(), options.seed());
  }

  /** Everything that decides a value that is written. */
  private Map<String, String> deciding(ProfileInput profile, ModelInfo model, CorpusScan corpus) {
    Map<String, String> deciding = new LinkedHashMap<>();
    deciding.put("model", model.fingerprint());
    deciding.put("corpus", corpus.fingerprint());
    deciding.put("profile", profile.runId());
    deciding.put("threshold", Double.toString(options.threshold()));
    deciding.put("examples", Long.toString(options.examples()));
    deciding.put("seed", Long.toString(options.seed()));
    deciding.put("slice-by", profile.sliceBy().orElse(""));
    deciding.put("projection", Integer.toString(options.projection()));
    deciding.put("features", Integer.toString(RouterFeatures.VERSION));
    deciding.put("dtype", dtype(profile).toString());
    RunProducts.putInto(deciding, products(profile));
    deciding.put("batch-tokens", Integer.toString(options.batchTokens()));
    return deciding;
  }

  private ObjectNode describe(
      ProfileInput profile, ModelInfo model, CorpusScan corpus, Map<String, String> deciding) {
    ObjectNode manifest = RunManifest.newObject();
    manifest.put("run_id", RunId.of(deciding));
    manifest.put("status", RunManifest.INCOMPLETE);
    ObjectNode asked = manifest.putObject("options");
    options.toMap().forEach(asked::put);
    manifest.put("model", model.name());
    manifest.put("family", model.family());
    manifest.put("layers", model.layers());
    manifest.put("hidden_size", model.hiddenSize());
    manifest.put("vocabulary_size", model.vocabularySize());
    manifest.put("parallel", Inputs.of(model.form()) == Inputs.PARALLEL);
    manifest.put("model_fingerprint", model.fingerprint());
    manifest.put("corpus_fingerprint", corpus.fingerprint());
    manifest.put("profile", profile.runId());
    manifest.put("threshold", options.threshold());
    manifest.put("seed", options.seed());
    profile.sliceBy().ifPresent(column -> manifest.put("slice_by", column));
    ObjectNode features = manifest.putObject("features");
    features.put("projection", features().projection());
    features.put("projection_seed", features().projectionSeed());
    features.put("version", features().version());
    ObjectNode decides = manifest.putObject("deciding");
    deciding.forEach(decides::put);
    Versions.all().forEach(manifest.putObject("versions")::put);
    return manifest;
  }

  private ExamplePlan plan(
      ProfileInput profile, ModelInfo model, ObjectNode manifest, ShardedOutput output) {
    return new ExamplePlan(
        manifest.path("run_id").asText(),
        new ModelSpec(
            ExecutorPath.of(options.model(), conf),
            model.fingerprint(),
            dtype(profile),
            products(profile),
            Head.UNUSED,
            profile.maxLength()),
        model.layers(),
        Inputs.of(model.form()),
        features(),
        new Candidates(options.seed(), options.threshold()),
        options.device().toString(),
        options.batchTokens(),
        profile.table(),
        profile.sliceBy().stream().toList(),
        output.directory());
  }

  private Void sampleAndRun(
      ProfileInput profile, ModelInfo model, ExamplePlan plan, ObjectNode manifest, int[] missing) {
    JavaSparkContext context = new JavaSparkContext(spark.sparkContext());
    Broadcast<SerializableConfiguration> hadoop =
        context.broadcast(new SerializableConfiguration(conf));
    try {
      Frequencies frequencies = Frequencies.of(profile.tokenRatios(), model.vocabularySize());
      frequencies.write(spark, plan.out());
      clock.finished("frequencies");
      Strata strata = CensusTask.count(spark, plan, profile.shards(), Optional.empty(), hadoop);
      requireSomething(strata);
      SamplePlan draws = SamplePlan.of(strata, options.examples());
      Strata drawn = CensusTask.count(spark, plan, profile.shards(), Optional.of(draws), hadoop);
      clock.finished("sample");
      describe(manifest, strata, drawn, frequencies.tokens());
      Sample sample = new Sample(draws, strata, drawn, frequencies.logFrequencies());
      makeExamples(profile, plan, sample, hadoop, missing);
      clock.finished("examples");
    } finally {
      hadoop.destroy();
      Models.closeIdle();
    }
    return null;
  }

  private void requireSomething(Strata strata) {
    if (strata.total() == 0) {
      throw UserException.of(
          "Cannot make router examples of " + options.profile(),
          "it holds no token that is not special",
          "Profile a corpus with text");
    }
  }

  private static void describe(ObjectNode manifest, Strata strata, Strata drawn, long tokens) {
    manifest.put("tokens", tokens);
    manifest.put("candidates", strata.total());
    manifest.put("base_rate", (double) strata.total(true) / strata.total());
    ArrayNode list = manifest.putArray("strata");
    for (int block = 0; block < strata.blocks(); block++) {
      for (String domain : sorted(strata)) {
        for (boolean label : new boolean[] {false, true}) {
          if (strata.size(domain, block, label) > 0) {
            list.addObject()
                .put("layer", block / 2)
                .put("block", block % 2 == 0 ? "attn" : "mlp")
                .put("domain", domain)
                .put("label", label)
                .put("size", strata.size(domain, block, label))
                .put("examples", drawn.size(domain, block, label));
          }
        }
      }
    }
  }

  private static List<String> sorted(Strata strata) {
    return strata.domains().stream()
        .sorted(Comparator.nullsFirst(Comparator.naturalOrder()))
        .toList();
  }

  private void makeExamples(
      ProfileInput profile,
      ExamplePlan plan,
      Sample sample,
      Broadcast<SerializableConfiguration> hadoop,
      int[] missing) {
    if (missing.length == 0) {
      return;
    }
    JavaSparkContext context = new JavaSparkContext(spark.sparkContext());
    Broadcast<Sample> broadcast = context.broadcast(sample);
    ProgressCounters counters = ProgressCounters.register(spark.sparkContext());
    long tokens = profile.tokens() * missing.length / profile.shards(); // about
    try {
      ShownTasks.run(
          spark.sparkContext(),
          progressSink,
          tokens,
          progress -> {
            context
                .parallelize(Arrays.stream(missing).boxed().toList(), missing.length)
                .foreach(new ExampleTask(plan, broadcast, hadoop, counters));
            counters.tell(progress, tokens);
          });
    } finally {
      broadcast.destroy();
    }
  }

  private RouterDataResult finish(ProfileInput profile, ShardedOutput output, ObjectNode manifest) {
    ExampleSummary all =
        output
            .footers(IntStream.range(0, profile.shards()), manifest.path("run_id").asText())
            .map(ExampleSummary::ofFooter)
            .reduce(ExampleSummary.none(), ExampleSummary::plus);
    clock.finished("commit");
    manifest.put("status", RunManifest.COMPLETE);
    manifest.put("examples", all.examples().values().stream().mapToLong(Long::longValue).sum());
    ObjectNode splits = manifest.putObject("splits");
    for (Split split : Split.values()) {
      splits
          .putObject(split.column())
          .put("documents", all.documents().getOrDefault(split, 0L))
          .put("examples", all.examples().getOrDefault(split, 0L));
    }
    manifest.put("tokens_run", all.tokens());
    manifest.put("largest_ratio_difference", all.ratioDifference());
    ObjectNode seconds = manifest.putObject("seconds");
    clock.seconds().forEach(seconds::put);
    seconds.put("total", clock.total());
    ObjectNode tasks = manifest.putObject("task_seconds");
    tasks.put("load", all.loadSeconds());
    tasks.put("forward", all.forwardSeconds());
    tasks.put("write", all.writeSeconds());
    manifest.put(
        "peak_memory_bytes",
        Math.max(all.peakMemoryBytes(), ProcessMemory.peakResidentBytes().orElse(0)));
    output.write(manifest);
    return new RouterDataResult(manifest, output.directory());
  }
}
