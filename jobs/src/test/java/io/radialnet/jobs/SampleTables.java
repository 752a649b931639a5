package io.radialnet.jobs;

import io.radialnet.jobs.aggregate.AggregateJob;
import io.radialnet.jobs.options.AggregateOptions;
import io.radialnet.jobs.options.Dtype;
import io.radialnet.jobs.options.FitRoutersOptions;
import io.radialnet.jobs.options.Learner;
import io.radialnet.jobs.options.ProfileOptions;
import io.radialnet.jobs.profile.ProfileJob;
import io.radialnet.jobs.routerfit.FitRoutersJob;
import io.radialnet.jobs.routerfit.SyntheticExamples;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * The Delta tables of small runs: every model of data-samples in float32 and {@code opt-nano} in
 * bfloat16 too, over enough documents of every domain for intervals; and those of routers of
 * synthetic examples.
 *
 * @param directory what {@code aggregate --tables} wrote
 */
public record SampleTables(Path directory) {

  private static final int EVERY = 5;

  private static final PrintStream NOWHERE =
      new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8);

  private static SampleTables create(SparkSession spark, Path directory) throws IOException {
    Path corpus = writeCorpus(directory.resolve("corpus.jsonl"));
    List<String> profiles = new ArrayList<>();
    profiles.add(profile(spark, Samples.OPT_NANO, corpus, directory, Dtype.BFLOAT16));
    for (Path model : models()) {
      profiles.add(profile(spark, model, corpus, directory, Dtype.FLOAT32));
    }
    Path tables = directory.resolve("tables");
    AggregateJob.run(
        spark,
        AggregateOptions.builder(profiles, tables.toString())
            .sliceBy("domain")
            .bootstrap(100)
            .build(),
        NOWHERE);
    fitRouters(spark, directory, tables);
    return new SampleTables(tables);
  }

  /** Of synthetic examples: there is something to learn, one router is constant. */
  private static void fitRouters(SparkSession spark, Path directory, Path tables) {
    Path examples =
        SyntheticExamples.write(
            spark, directory.resolve("examples"), SyntheticExamples.rows(60, 10));
    FitRoutersJob.run(
        spark,
        FitRoutersOptions.builder(examples.toString(), directory.resolve("routers").toString())
            .tables(tables.toString())
            .learners(Learner.LOGISTIC)
            .regularization(List.of(0.01))
            .iterations(5)
            .bootstrap(100)
            .shares(List.of(0.5))
            .build(),
        NOWHERE);
  }

  private static Path writeCorpus(Path file) throws IOException {
    List<String> lines = new ArrayList<>();
    for (Path domain : sorted(Samples.OPT_NANO.resolveSibling("corpus"))) {
      List<String> documents = Files.readAllLines(domain);
      for (int i = 0; i < documents.size(); i += EVERY) {
        lines.add(documents.get(i));
      }
    }
    return Samples.write(file, lines);
  }

  private static List<Path> models() throws IOException {
    return sorted(Samples.OPT_NANO.getParent()).stream()
        .filter(directory -> Files.exists(directory.resolve("config.json")))
        .toList();
  }

  private static List<Path> sorted(Path directory) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.sorted().toList();
    }
  }

  private static String profile(
      SparkSession spark, Path model, Path corpus, Path directory, Dtype dtype) {
    String out = directory.resolve(model.getFileName() + "-" + dtype).toString();
    ProfileJob.run(
        spark,
        ProfileOptions.builder(model.toString(), corpus.toString(), out)
            .keepColumns("domain")
            .dtype(dtype)
            .shards(2)
            .build(),
        NOWHERE);
    return out;
  }

  /** Hands tests the tables of this JVM, made for the first test that asks. */
  public static final class Extension implements ParameterResolver {

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
      return parameter.getParameter().getType() == SampleTables.class;
    }

    @Override
    public SampleTables resolveParameter(ParameterContext parameter, ExtensionContext context) {
      SparkSession spark = SparkSessionExtension.session(context);
      return MadeOnce.of(SampleTables.class, context, directory -> create(spark, directory));
    }
  }
}
