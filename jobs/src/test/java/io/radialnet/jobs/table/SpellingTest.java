package io.radialnet.jobs.table;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class SpellingTest {

  @Test
  void bytesBecomeText() {
    Spelling spelling = Spelling.of(List.of("the", "Ġthe", "Ċ"));

    assertThat(spelling).isEqualTo(Spelling.BYTE_LEVEL);
    assertThat(spelling.text(List.of("Ġcaf", "Ã©", "Ċ", "Ġ"))).isEqualTo(" café⏎ ");
    assertThat(spelling.text(List.of("Ã"))).isEqualTo("\uFFFD"); // half of a character
    assertThat(spelling.text(List.of("</s>", "漢"))).isEqualTo("</s>漢");
  }

  @Test
  void sentencePiecesBecomeText() {
    Spelling spelling = Spelling.of(List.of("▁the", "s", "<0x0A>"));

    assertThat(spelling).isEqualTo(Spelling.SENTENCE_PIECE);
    assertThat(spelling.text(List.of("▁the", "s", "<0x0A>", "<0xC3>", "<0xA9>")))
        .isEqualTo(" thes⏎é");
  }

  @Test
  void wordPiecesBecomeText() {
    Spelling spelling = Spelling.of(List.of("the", "##s"));

    assertThat(spelling).isEqualTo(Spelling.WORD_PIECE);
    assertThat(spelling.text(List.of("token", "##izer", "works"))).isEqualTo(" tokenizer works");
  }

  @Test
  void piecesWithoutMarksAreText() {
    assertThat(Spelling.of(List.of("a", "b"))).isEqualTo(Spelling.PLAIN);
    assertThat(Spelling.PLAIN.text(List.of("a", "\u0007", "\r\n", "b"))).isEqualTo("a ⏎b");
  }
}
