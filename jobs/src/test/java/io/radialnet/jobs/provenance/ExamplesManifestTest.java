package io.radialnet.jobs.provenance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.radialnet.error.UserException;
import io.radialnet.router.RouterFeatures;
import io.radialnet.router.RouterFeatures.Inputs;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExamplesManifestTest {

  private static final Configuration CONF = new Configuration();

  @TempDir private java.nio.file.Path dir;
  private Path directory;

  @BeforeEach
  void useDirectory() {
    directory = new Path(dir.toString());
  }

  @Test
  void aFinishedDirectoryIsRead() {
    RunManifest.write(directory, ExamplesManifest.FILE_NAME, complete(), CONF);

    ExamplesManifest manifest = ExamplesManifest.read(directory, CONF);

    assertThat(manifest.runId()).isEqualTo("0123456789abcdef");
    assertThat(manifest.model()).isEqualTo("pythia");
    assertThat(manifest.modelFingerprint()).isEqualTo("m");
    assertThat(manifest.corpusFingerprint()).isEqualTo("c");
    assertThat(manifest.layers()).isEqualTo(6);
    assertThat(manifest.hiddenSize()).isEqualTo(512);
    assertThat(manifest.vocabularySize()).isEqualTo(50_000);
    assertThat(manifest.inputs()).isEqualTo(Inputs.PARALLEL);
    assertThat(manifest.threshold()).isEqualTo(0.1);
    assertThat(manifest.seed()).isEqualTo(3);
    assertThat(manifest.features()).isEqualTo(new RouterFeatures(32, 3, 1));
    assertThat(manifest.examples()).isEqualTo(99);
    assertThat(manifest.tokens()).isEqualTo(1_000);
    assertThat(manifest.json()).isEqualTo(complete());
  }

  @Test
  void noneIsForeign() {
    assertRefused("it has no examples.json. Name a directory that router-data wrote.");
  }

  @Test
  void anUnfinishedRunIsNamedAsSuch() {
    write(complete().put("status", "incomplete"));

    assertRefused(
        "their run is not finished. Run the same router-data command again: it goes on where it was"
            + " interrupted.");
  }

  @Test
  void whatIsMissingIsNamed() {
    ObjectNode lacking = complete();
    lacking.withObject("features").remove("projection");
    write(lacking);

    assertRefused("its examples.json has no projection. Name a directory that router-data wrote.");
  }

  private void write(ObjectNode manifest) {
    RunManifest.write(directory, ExamplesManifest.FILE_NAME, manifest, CONF);
  }

  private void assertRefused(String reason) {
    assertThatThrownBy(() -> ExamplesManifest.read(directory, CONF))
        .isInstanceOf(UserException.class)
        .hasMessage("Cannot read the examples in " + directory + ": " + reason);
  }

  private static ObjectNode complete() {
    ObjectNode manifest = RunManifest.newObject();
    manifest.put("run_id", "0123456789abcdef").put("status", "complete").put("model", "pythia");
    manifest.put("model_fingerprint", "m").put("corpus_fingerprint", "c");
    manifest.put("layers", 6).put("hidden_size", 512).put("vocabulary_size", 50_000);
    manifest.put("parallel", true).put("threshold", 0.1).put("seed", 3);
    manifest.put("examples", 99).put("tokens", 1_000);
    manifest
        .putObject("features")
        .put("projection", 32)
        .put("projection_seed", 3)
        .put("version", 1);
    return manifest;
  }
}
