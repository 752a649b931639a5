package io.radialnet.jobs.routerdata;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.radialnet.jobs.provenance.RunManifest;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RouterDataResultTest {

  @ParameterizedTest
  @CsvSource({"5, 1, 1, true", "4, 9, 9, false", "99, 0, 9, false", "99, 9, 0, false"})
  void fittingNeedsADocumentAFoldAndSomeToCalibrateAndTestOn(
      int train, int validation, int test, boolean enough) {
    ObjectNode manifest = RunManifest.newObject();
    ObjectNode splits = manifest.putObject("splits");
    splits.putObject("train").put("documents", train);
    splits.putObject("validation").put("documents", validation);
    splits.putObject("test").put("documents", test);

    assertThat(new RouterDataResult(manifest, "out").areEnoughToFit()).isEqualTo(enough);
  }
}
