package io.radialnet.jobs.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.radialnet.jobs.report.Claim.Part;
import io.radialnet.jobs.table.Spelling;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How the page words verdicts, layers and tokens. */
class WordsTest {

  @Test
  void verdictsAgreeWithTheirNumber() {
    Part agrees = new Part("a", Verdict.AGREES, "");
    Part contradicts = new Part("b", Verdict.CONTRADICTS, "");
    Part unsure = new Part("c", Verdict.CANNOT_TELL, "");

    assertThat(Claim.of(1, "", "", List.of(agrees, contradicts, contradicts)).summary())
        .isEqualTo("Of 3: 1 agrees, 2 contradict.");
    assertThat(Claim.of(1, "", "", List.of(agrees, agrees, contradicts, unsure)).summary())
        .isEqualTo("Of 4: 2 agree, 1 contradicts, 1 cannot tell.");
  }

  @Test
  void layersInARowAreARange() {
    assertThat(Words.layers(List.of(3))).isEqualTo("layer 3");
    assertThat(Words.layers(List.of(3, 4))).isEqualTo("layers 3 and 4");
    assertThat(Words.layers(List.of(0, 1, 2, 5, 7, 8, 9))).isEqualTo("layers 0 to 2, 5 and 7 to 9");
  }

  @ParameterizedTest
  @CsvSource({
    "BYTE_LEVEL, \u0120the, \u2423the",
    "BYTE_LEVEL, \u010A\u0120, \u23CE\u2423",
    "BYTE_LEVEL, \u00C3\u00A9t, \u00E9t",
    "BYTE_LEVEL, \u0120\u00E2\u0122, \u2423<0xE2><0x80>",
    "BYTE_LEVEL, \u00A9a, <0xA9>a",
    "SENTENCE_PIECE, \u2581the, \u2423the",
    "SENTENCE_PIECE, <0x0A>, \u23CE",
    "SENTENCE_PIECE, <0xE2>, <0xE2>",
    "WORD_PIECE, ##ing, ing",
    "WORD_PIECE, the, \u2423the"
  })
  void aTokenByItselfIsReadable(Spelling spelling, String piece, String text) {
    assertThat(TokenTexts.alone(spelling, piece)).isEqualTo(text);
  }
}
