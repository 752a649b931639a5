package io.radialnet.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.radialnet.error.UserException;
import io.radialnet.text.Windows.SpecialTokens;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class WindowsTest {

  private static TextTokenizer tokenizer;

  @BeforeAll
  static void load() {
    tokenizer = TextTokenizer.load(TextTokenizerTest.resource("opt-nano"));
  }

  @AfterAll
  static void close() {
    tokenizer.close();
  }

  @Test
  void noTokenIsLostAndEveryWindowStartsWithThePrefix() {
    Random random = new Random(1);
    for (int trial = 0; trial < 200; trial++) {
      int maxLength = 2 + random.nextInt(20);
      TokenizedText document = tokenizer.encode("x y ".repeat(random.nextInt(60)));
      List<Integer> seen = new ArrayList<>();
      int index = 0;
      for (Window window : new Windows(tokenizer, SpecialTokens.ADDED, maxLength).of(document)) {
        assertThat(window.index()).isEqualTo(index++);
        assertThat(window.length()).isBetween(1, maxLength);
        assertThat(window.tokens()[0]).isEqualTo("</s>");
        assertThat(window.docPositions()[0]).isEqualTo(-1);
        assertThat(window.special()[0]).isTrue();
        for (int i = 1; i < window.length(); i++) {
          assertThat(window.docPositions()[i]).isEqualTo(seen.size());
          assertThat(window.tokenIds()[i]).isEqualTo(document.ids()[seen.size()]);
          seen.add(window.tokenIds()[i]);
        }
      }
      assertThat(seen).hasSize(document.length());
      assertThat(index).isPositive();
    }
  }

  @Test
  void emptyDocumentsHaveTheInsertedTokensOrNothing() {
    TokenizedText empty = tokenizer.encode("");
    assertThat(new Windows(tokenizer, SpecialTokens.ADDED, 8).of(empty))
        .singleElement()
        .satisfies(window -> assertThat(window.tokens()).containsExactly("</s>"));
    assertThat(new Windows(tokenizer, SpecialTokens.OMITTED, 8).of(empty)).isEmpty();
  }

  @Test
  void withoutRoomForATokenItFails() {
    assertThatThrownBy(() -> new Windows(tokenizer, SpecialTokens.ADDED, 1))
        .isInstanceOf(UserException.class)
        .hasMessage(
            "Cannot cut documents into windows of 1 tokens: the tokenizer inserts 1 of its own into"
                + " each. Choose a --max-length of at least 2, or --add-special-tokens false.");
    assertThat(new Windows(tokenizer, SpecialTokens.OMITTED, 1).of(tokenizer.encode("a b")))
        .hasSize(2);
  }
}
