package io.radialnet.jobs.routerdata;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.radialnet.jobs.provenance.RunManifest;
import java.util.List;
import java.util.Locale;

/**
 * What a finished {@code router-data} did.
 *
 * @param manifest the content of examples.json
 * @param out the directory that was written
 */
public record RouterDataResult(ObjectNode manifest, String out) {

  /** Lines for people. */
  public List<String> summary() {
    return List.of(
        String.format(
            Locale.ROOT,
            "%s: %,d examples for %d routers, of %,d (token, layer, block) of which %.1f %% have a"
                + " ratio under %s",
            manifest.path("model").asText(),
            manifest.path("examples").asLong(),
            2 * manifest.path("layers").asInt(),
            manifest.path("candidates").asLong(),
            100 * manifest.path("base_rate").asDouble(),
            manifest.path("threshold").asText()),
        String.format(
            Locale.ROOT,
            "documents: %,d train, %,d validation, %,d test",
            documents(Split.TRAIN),
            documents(Split.VALIDATION),
            documents(Split.TEST)),
        String.format(
            Locale.ROOT,
            "%.1f s in all, %,d MiB at most in one process",
            manifest.path("seconds").path("total").asDouble(),
            manifest.path("peak_memory_bytes").asLong() >> 20));
  }

  /**
   * Whether routers can be fitted on them: documents for all folds, and some to calibrate and to
   * test on.
   */
  public boolean areEnoughToFit() {
    return documents(Split.TRAIN) >= Split.FOLDS
        && documents(Split.VALIDATION) > 0
        && documents(Split.TEST) > 0;
  }

  private long documents(Split split) {
    return manifest.path("splits").path(split.column()).path("documents").asLong();
  }

  /** examples.json on one line, without the list of its strata. */
  public String toJson() {
    ObjectNode withoutStrata = manifest.deepCopy();
    withoutStrata.remove("strata");
    return RunManifest.oneLine(withoutStrata);
  }
}
