package io.radialnet.jobs.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class NearestTest {

  private static final List<String> OPTIONS = List.of("--model", "--measures", "--max-length");

  @Test
  void findsWhatWasMeant() {
    assertThat(Nearest.to("--modle", OPTIONS)).contains("--model");
    assertThat(Nearest.to("--maxlength", OPTIONS)).contains("--max-length");
  }

  @Test
  void guessesNothingFarFetched() {
    assertThat(Nearest.to("--zebra", OPTIONS)).isEmpty();
  }
}
