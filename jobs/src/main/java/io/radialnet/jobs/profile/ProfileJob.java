package io.radialnet.jobs.profile;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.radialnet.error.UserException;
import io.radialnet.jobs.corpus.Corpus;
import io.radialnet.jobs.corpus.CorpusFormat;
import io.radialnet.jobs.corpus.CorpusOptions;
import io.radialnet.jobs.corpus.CorpusScan;
import io.radialnet.jobs.corpus.Document;
import io.radialnet.jobs.corpus.ExecutorFailures;
import io.radialnet.jobs.options.DeviceChoice;
import io.radialnet.jobs.options.ProfileOptions;
import io.radialnet.jobs.progress.ShownTasks;
import io.radialnet.jobs.progress.StageClock;
import io.radialnet.jobs.provenance.RunId;
import io.radialnet.jobs.provenance.RunManifest;
import io.radialnet.jobs.provenance.Versions;
import io.radialnet.jobs.shard.DeviceCheck;
import io.radialnet.jobs.shard.ExecutorPath;
import io.radialnet.jobs.shard.ModelPrefetch;
import io.radialnet.jobs.shard.ProgressCounters;
import io.radialnet.jobs.shard.RunDtype;
import io.radialnet.jobs.shard.RunProducts;
import io.radialnet.jobs.shard.ShardedOutput;
import io.radialnet.jobs.shard.ShardedOutput.Layout;
import io.radialnet.jobs.shard.ShardedOutput.Overwrite;
import io.radialnet.jobs.table.ErrorsTable;
import io.radialnet.jobs.table.TokenRatiosTable;
import io.radialnet.probe.Measure;
import io.radialnet.probe.ProbePlan;
import io.radialnet.runtime.ModelInfo;
import io.radialnet.runtime.ModelSpec;
import io.radialnet.runtime.Models;
import io.radialnet.runtime.ProcessMemory;
import io.radialnet.runtime.Threads;
import io.radialnet.tensor.ElementType;
import io.radialnet.tensor.Float32Products;
import io.radialnet.text.TextTokenizer;
import io.radialnet.text.TokenizedText;
import io.radialnet.text.Windows;
import io.radialnet.text.Windows.SpecialTokens;
import io.radialnet.transformer.Block;
import io.radialnet.transformer.Blueprint.Head;
import java.io.PrintStream;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaPairRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.util.SerializableConfiguration;
import scala.Tuple2;

/**
 * Runs a transformer over a corpus and writes one row a token. The same command on the same data
 * goes on where it was interrupted; shards and batches depend on the corpus alone, so the values do
 * not depend on how many executors there are.
 */
public final class ProfileJob {

  private static final Layout LAYOUT =
      new Layout(
          "a profile", RunManifest.FILE_NAME, TokenRatiosTable.NAME, List.of(ErrorsTable.NAME));

  private static final long BYTES_PER_SHARD = 4L << 20;
  private static final int MIN_SHARDS = 16;
  private static final int MAX_DEFAULT_LENGTH = 4096;

  /** Driver and executor are one process; {@code local-cluster} is none of these. */
  private static final Pattern LOCAL_MASTER = Pattern.compile("local(\\[.*])?");

  private final SparkSession spark;
  private final ProfileOptions options;
  private final PrintStream progressSink;
  private final Configuration conf;
  private final ElementType dtype;
  private final Float32Products products;
  private final StageClock clock = new StageClock();

  private ProfileJob(SparkSession spark, ProfileOptions options, PrintStream progressSink) {
    this.spark = spark;
    this.options = options;
    this.progressSink = progressSink;
    this.conf = spark.sessionState().newHadoopConf();
    Threads.ofOneTask(coresOfOneTask(spark.sparkContext().getConf()));
    startEngine(spark.sparkContext().getConf(), options);
    this.dtype = RunDtype.of(options.dtype(), options.device(), spark.sparkContext().getConf());
    this.products = RunProducts.of(conf, dtype);
  }

  /**
   * Runs the job.
   *
   * @param progressSink where progress is shown
   * @throws UserException for what the user can mend: see the messages
   */
  public static ProfileResult run(
      SparkSession spark, ProfileOptions options, PrintStream progressSink) {
    return new ProfileJob(spark, options, progressSink).run();
  }

  /**
   * Starts the engine in the background where this process will run tasks too. To be called before
   * the session is opened, which leaves cores idle; without that call the job does it.
   *
   * @param conf of the session that will be opened
   */
  public static void startEngine(SparkConf conf, ProfileOptions options) {
    if (LOCAL_MASTER.matcher(conf.get("spark.master", "")).matches()) {
      Models.startEngine(() -> coresOfOneTask(conf), options.device().toString());
    }
  }

  private static int coresOfOneTask(SparkConf conf) {
    return conf.getInt("spark.task.cpus", 1);
  }

  private ProfileResult run() {
    ModelInfo model = Models.inspect(options.model(), head(), conf);
    int maxLength = maxLength(model);
    checkTokenizer(model, maxLength);
    checkDevice();
    ShardedOutput output = new ShardedOutput(LAYOUT, options.out(), conf);
    output.requireOutside(options.corpus());
    clock.finished("model");

    Corpus corpus = ExecutorFailures.unwrap(() -> Corpus.open(spark, corpusOptions()));
    int shards = shards(corpus);
    prefetch(model, maxLength, output, shards);
    CorpusScan scan =
        ExecutorFailures.unwrap(
            () -> corpus.scan(shards, document -> ShardKey.shardOf(document.docId(), shards)));
    clock.finished("corpus");

    Map<String, String> deciding = deciding(model, scan, maxLength, shards);
    ObjectNode manifest = describe(model, scan, deciding);
    String runId = manifest.path("run_id").asText();
    output.claim(manifest, deciding, options.overwrite() ? Overwrite.REPLACE : Overwrite.KEEP);
    int[] missing = output.missingShards(shards);
    ShardPlan plan = plan(model, corpus, maxLength, runId, output);
    ShardSummary now = ShardSummary.NONE;
    if (missing.length > 0) {
      output.write(manifest); // "incomplete", also where a complete run has lost a file
      now =
          ExecutorFailures.unwrap(
              () ->
                  profile(
                      corpus,
                      scan,
                      plan,
                      ShardPartitioner.largestFirst(missing, scan.charactersByShard()),
                      shards));
    }
    clock.finished("profile");
    return finish(output, manifest, shards, missing, now);
  }

  /**
   * While the corpus is scanned: what is commonly wrong has been told by then. Not for a run that
   * may be complete already.
   */
  private void prefetch(ModelInfo model, int maxLength, ShardedOutput output, int shards) {
    if (!options.overwrite() && output.earlier().isPresent()) {
      return;
    }
    String device = options.device().toString();
    if (spark.sparkContext().isLocal()) {
      Models.prefetch(() -> spec(model, maxLength), device, conf);
    } else {
      String uri = ExecutorPath.of(options.model(), conf);
      new ModelPrefetch(uri, dtype, products, head(), maxLength, device, conf).start(spark, shards);
    }
  }

  private ModelSpec spec(ModelInfo model, int maxLength) {
    return new ModelSpec(
        ExecutorPath.of(options.model(), conf),
        model.fingerprint(),
        dtype,
        products,
        head(),
        maxLength);
  }

  private Head head() {
    return options.loss() ? Head.USED : Head.UNUSED;
  }

  private int maxLength(ModelInfo model) {
    int wanted = options.maxLength().orElse(Math.min(model.positions(), MAX_DEFAULT_LENGTH));
    if (wanted > model.positions()) {
      throw UserException.of(
          "Cannot profile windows of " + wanted + " tokens",
          model.name() + " has " + model.positions() + " positions",
          "Choose a --max-length of at most " + model.positions());
    }
    return wanted;
  }

  private void checkTokenizer(ModelInfo model, int maxLength) {
    try (TextTokenizer tokenizer = Models.tokenizer(options.model(), conf)) {
      if (tokenizer.largestVocabularyId() >= model.vocabularySize()) {
        throw UserException.of(
            "Cannot profile with the tokenizer of " + model.name(),
            "its vocabulary has token ids up to "
                + tokenizer.largestVocabularyId()
                + ", the model's embedding has rows for "
                + model.vocabularySize(),
            "Use the tokenizer that the model was trained with");
      }
      new Windows(tokenizer, specialTokens(), maxLength);
      if (specialTokens() == SpecialTokens.ADDED) {
        requireKnown(tokenizer.prefix(), model);
        requireKnown(tokenizer.suffix(), model);
      }
    }
  }

  /** What is inserted into every window; a document's own tokens are checked one by one. */
  private void requireKnown(TokenizedText inserted, ModelInfo model) {
    for (int id : inserted.ids()) {
      if (id >= model.vocabularySize()) {
        throw UserException.of(
            "Cannot profile with the tokenizer of " + options.model(),
            "it inserts token id "
                + id
                + ", beyond the model's vocabulary of "
                + model.vocabularySize(),
            "Use the tokenizer that the model was trained with, or --add-special-tokens false");
      }
    }
  }

  /** CUDA that is not there is said before a large corpus is read. */
  private void checkDevice() {
    if (options.device() == DeviceChoice.CUDA) {
      ExecutorFailures.unwrap(() -> DeviceCheck.run(spark, options.device().toString()));
    }
  }

  private SpecialTokens specialTokens() {
    return options.addSpecialTokens().orElse(true) ? SpecialTokens.ADDED : SpecialTokens.OMITTED;
  }

  private CorpusOptions corpusOptions() {
    return new CorpusOptions(
        List.of(options.corpus()),
        CorpusFormat.valueOf(options.format().name()),
        options.textColumn(),
        options.idColumn(),
        options.keepColumns(),
        options.limitDocs().orElse(0),
        options.sampleFraction().orElse(1));
  }

  /** One for every 4 MiB of the corpus: it depends on the corpus alone, so that a resume fits. */
  private int shards(Corpus corpus) {
    long bySize =
        Math.min(
            ProfileOptions.MAX_SHARDS,
            Math.max(MIN_SHARDS, (corpus.bytesOnDisk() + BYTES_PER_SHARD - 1) / BYTES_PER_SHARD));
    return options.shards().orElse((int) bySize);
  }

  /** Everything that decides a value that is written. */
  private Map<String, String> deciding(
      ModelInfo model, CorpusScan scan, int maxLength, int shards) {
    Map<String, String> deciding = new LinkedHashMap<>();
    deciding.put("model", model.fingerprint());
    deciding.put("corpus", scan.fingerprint());
    deciding.put("blocks", names(options.blocks().stream().map(Block::column).toList()));
    deciding.put("measures", names(options.measures().stream().map(Measure::column).toList()));
    deciding.put("loss", Boolean.toString(options.loss()));
    deciding.put("dtype", dtype.toString());
    RunProducts.putInto(deciding, products);
    deciding.put("max-length", Integer.toString(maxLength));
    deciding.put("add-special-tokens", Boolean.toString(specialTokens() == SpecialTokens.ADDED));
    deciding.put("batch-tokens", Integer.toString(options.batchTokens()));
    deciding.put("keep-columns", names(options.keepColumns()));
    deciding.put("limit-docs", Integer.toString(options.limitDocs().orElse(0)));
    deciding.put("sample-fraction", Double.toString(options.sampleFraction().orElse(1)));
    deciding.put("shards", Integer.toString(shards));
    return deciding;
  }

  private static String names(List<String> names) {
    return String.join(",", names);
  }

  private ObjectNode describe(ModelInfo model, CorpusScan scan, Map<String, String> deciding) {
    ObjectNode manifest = RunManifest.newObject();
    manifest.put("run_id", RunId.of(deciding));
    manifest.put("status", RunManifest.INCOMPLETE);
    ObjectNode asked = manifest.putObject("options");
    options.toMap().forEach(asked::put);
    manifest.put("model", model.name());
    manifest.put("family", model.family());
    manifest.put("modality", model.modality());
    manifest.put("layers", model.layers());
    manifest.put("hidden_size", model.hiddenSize());
    manifest.put("parameters", model.parameters());
    manifest.put("model_fingerprint", model.fingerprint());
    manifest.put("corpus_fingerprint", scan.fingerprint());
    model.unusedTensors().forEach(manifest.putArray("unused_tensors")::add);
    ObjectNode decides = manifest.putObject("deciding");
    deciding.forEach(decides::put);
    Versions.all().forEach(manifest.putObject("versions")::put);
    return manifest;
  }

  private ShardPlan plan(
      ModelInfo model, Corpus corpus, int maxLength, String runId, ShardedOutput output) {
    List<String> blocks = options.blocks().stream().map(Block::column).toList();
    List<String> measures = options.measures().stream().map(Measure::column).toList();
    StructType kept = corpus.keptSchema();
    return new ShardPlan(
        runId,
        spec(model, maxLength),
        model.layers(),
        model.vocabularySize(),
        new ProbePlan(options.blocks(), options.measures()),
        options.device().toString(),
        specialTokens(),
        options.batchTokens(),
        options.loss()
            ? TokenRatiosTable.schemaWithSurprisal(kept, blocks, measures)
            : TokenRatiosTable.schema(kept, blocks, measures),
        output.directory());
  }

  /** What the missing shards hold together. */
  private ShardSummary profile(
      Corpus corpus, CorpusScan scan, ShardPlan plan, ShardPartitioner missing, int shards) {
    AtomicReference<ShardSummary> now = new AtomicReference<>();
    JavaSparkContext context = new JavaSparkContext(spark.sparkContext());
    Broadcast<SerializableConfiguration> hadoop =
        context.broadcast(new SerializableConfiguration(conf));
    ProgressCounters counters = ProgressCounters.register(spark.sparkContext());
    long characters =
        IntStream.range(0, missing.numPartitions())
            .map(missing::shardOf)
            .mapToLong(scan.charactersByShard()::get)
            .sum();
    try {
      ShownTasks.run(
          spark.sparkContext(),
          progressSink,
          characters,
          progress -> {
            now.set(
                sharded(corpus, missing, shards)
                    .mapPartitions(new ShardTask(plan, missing, hadoop, counters))
                    .reduce(ShardSummary::plus));
            counters.tell(progress, characters);
          });
    } finally {
      hadoop.destroy();
      Models.closeIdle();
    }
    return now.get();
  }

  /** Each missing shard's documents in one partition, in order. */
  private static JavaPairRDD<ShardKey, Document> sharded(
      Corpus corpus, ShardPartitioner missing, int shards) {
    return corpus
        .documents()
        .mapToPair(document -> new Tuple2<>(ShardKey.of(document, shards), document))
        .filter(document -> missing.contains(document._1().shard()))
        .repartitionAndSortWithinPartitions(missing, new ShardKey.ByPlace());
  }

  /**
   * @param now what the shards hold that this run found missing; of the others the files tell
   */
  private ProfileResult finish(
      ShardedOutput output, ObjectNode manifest, int shards, int[] missing, ShardSummary now) {
    String runId = manifest.path("run_id").asText();
    if (missing.length == 0) {
      ObjectNode earlier = output.earlier().orElse(manifest);
      if (earlier.path("status").asText().equals(RunManifest.COMPLETE)) {
        return result(earlier, output);
      }
    }
    Set<Integer> written = IntStream.of(missing).boxed().collect(Collectors.toSet());
    IntStream earlier = IntStream.range(0, shards).filter(shard -> !written.contains(shard));
    ShardSummary all = now.plus(summary(output, earlier, runId));
    clock.finished("commit");
    manifest.put("status", RunManifest.COMPLETE);
    manifest.put("documents", all.documents());
    manifest.put("tokens", all.tokens());
    manifest.put("windows", all.windows());
    manifest.put("errors", all.errors());
    ObjectNode seconds = manifest.putObject("seconds");
    clock.seconds().forEach(seconds::put);
    seconds.put("total", clock.total());
    ObjectNode tasks = manifest.putObject("task_seconds");
    tasks.put("load", all.loadSeconds());
    tasks.put("tokenize", all.tokenizeSeconds());
    tasks.put("forward", all.forwardSeconds());
    tasks.put("write", all.writeSeconds());
    // Of a resumed run: the tokens of this part in the time of this part.
    manifest.put("tokens_per_second", now.tokens() / clock.total());
    manifest.put(
        "peak_memory_bytes",
        Math.max(all.peakMemoryBytes(), ProcessMemory.peakResidentBytes().orElse(0)));
    output.write(manifest);
    return result(manifest, output);
  }

  /** What these shards hold together. */
  private static ShardSummary summary(ShardedOutput output, IntStream shards, String runId) {
    return output
        .footers(shards, runId)
        .map(ShardSummary::ofFooter)
        .reduce(ShardSummary.NONE, ShardSummary::plus);
  }

  private ProfileResult result(ObjectNode manifest, ShardedOutput output) {
    long errors = manifest.path("errors").asLong();
    long documents = manifest.path("documents").asLong() + errors;
    boolean tooMany = errors > options.maxErrorFraction() * documents;
    return new ProfileResult(manifest, output.directory(), tooMany);
  }
}
