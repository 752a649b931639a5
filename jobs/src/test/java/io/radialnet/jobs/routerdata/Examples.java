package io.radialnet.jobs.routerdata;

import io.radialnet.jobs.DuckDb;
import io.radialnet.jobs.Samples;
import io.radialnet.jobs.WordTokenizer;
import io.radialnet.jobs.options.ProfileOptions;
import io.radialnet.jobs.options.RouterDataOptions;
import io.radialnet.jobs.profile.ProfileJob;
import io.radialnet.probe.Measure;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.apache.spark.sql.SparkSession;

/**
 * A small random model of a family, a corpus of its words in three domains, and its profile.
 *
 * @param model its directory
 * @param corpus a file
 * @param profile what profile wrote
 */
record Examples(Path model, Path corpus, Path profile) {

  private static final PrintStream NOWHERE =
      new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8);
  private static final int DOCUMENTS = 40;

  /** Profiles a family's model; each of its windows begins with a special token. */
  static Examples of(String family, int shards, Path dir, SparkSession spark) {
    Path model = Samples.goldenModel(family, dir.resolve(family));
    WordTokenizer.ofWords(190).inserting(190).write(model);
    Path corpus = Samples.write(dir.resolve("corpus.jsonl"), lines());
    Path profile = dir.resolve("profile-" + family + "-" + shards);
    ProfileJob.run(
        spark,
        ProfileOptions.builder(model.toString(), corpus.toString(), profile.toString())
            .measures(Measure.RATIO, Measure.INPUT_NORM)
            .keepColumns("domain")
            .shards(shards)
            .build(),
        NOWHERE);
    return new Examples(model, corpus, profile);
  }

  /** Documents of which few are of the third domain, and some longer than a window. */
  private static List<String> lines() {
    Random random = new Random(7);
    List<String> lines = new ArrayList<>();
    for (int i = 0; i < DOCUMENTS; i++) {
      String text = WordTokenizer.text(random.ints(10 + random.nextInt(80), 0, 189).toArray());
      String domain = i % 10 == 0 ? "rare" : i % 2 == 0 ? "even" : "odd";
      lines.add(
          Samples.parsed(Samples.jsonLine("doc-" + i, text)).put("domain", domain).toString());
    }
    return lines;
  }

  RouterDataOptions.Builder options(Path out) {
    return RouterDataOptions.builder(
            model.toString(), corpus.toString(), profile.toString(), out.toString())
        .threshold(threshold());
  }

  /** The median of all ratios, so that there are two labels. */
  double threshold() {
    return DuckDb.number(
            "select median(r) from (select unnest(attn_ratio || mlp_ratio) r from "
                + DuckDb.table(profile, "token_ratios")
                + ")")
        .doubleValue();
  }

  static RouterDataResult run(SparkSession spark, RouterDataOptions.Builder options) {
    return RouterDataJob.run(spark, options.build(), NOWHERE);
  }

  /** All rows in their order, whatever the shards. */
  static List<List<Object>> rows(Path out, String columns) {
    return DuckDb.rows(
        "select "
            + columns
            + " from "
            + DuckDb.table(out, "router_examples")
            + " order by doc_id, \"window\", \"position\", layer, block");
  }

  /**
   * The profile in the long form: doc_id, domain, window, position, token_id, layer, block, ratio,
   * input_norm, layer_norm; without special tokens.
   */
  String candidates() {
    String columns =
        "doc_id, domain, \"window\", \"position\", token_id, unnest(range(len(attn_ratio)))::int"
            + " layer, '%1$s' block, unnest(%1$s_ratio) ratio, unnest(%1$s_input_norm) input_norm,"
            + " unnest(layer_input_norm) layer_norm";
    String from = " from " + DuckDb.table(profile, "token_ratios") + " where not is_special";
    return "(select "
        + columns.formatted("attn")
        + from
        + " union all select "
        + columns.formatted("mlp")
        + from
        + ")";
  }
}
