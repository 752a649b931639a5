package io.radialnet.jobs.table;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** How vocabularies spell pieces of text, and how pieces become text again. */
public enum Spelling {
  /** GPT-2's: each byte is a visible character, Ġ a blank. */
  BYTE_LEVEL {
    @Override
    public void append(ByteArrayOutputStream text, String piece) {
      piece
          .codePoints()
          .forEach(
              character -> {
                Integer value = BYTES.get(character);
                if (value == null) {
                  text.writeBytes(Character.toString(character).getBytes(StandardCharsets.UTF_8));
                } else {
                  text.write(value);
                }
              });
    }
  },

  /** SentencePiece's: ▁ is a blank, {@code <0x0A>} a byte. */
  SENTENCE_PIECE {
    @Override
    public void append(ByteArrayOutputStream text, String piece) {
      Matcher singleByte = SINGLE_BYTE.matcher(piece);
      if (singleByte.matches()) {
        text.write(Integer.parseInt(singleByte.group(1), 16));
      } else {
        text.writeBytes(piece.replace(BLANK_MARK, " ").getBytes(StandardCharsets.UTF_8));
      }
    }
  },

  /** BERT's: ## goes on with a word, all else begins one. */
  WORD_PIECE {
    @Override
    public void append(ByteArrayOutputStream text, String piece) {
      String plain = piece.startsWith("##") ? piece.substring(2) : " " + piece;
      text.writeBytes(plain.getBytes(StandardCharsets.UTF_8));
    }
  },

  /** Pieces are text. */
  PLAIN {
    @Override
    public void append(ByteArrayOutputStream text, String piece) {
      text.writeBytes(piece.getBytes(StandardCharsets.UTF_8));
    }
  };

  private static final String BLANK_MARK = "▁";
  private static final Pattern SINGLE_BYTE = Pattern.compile("<0x([0-9A-F]{2})>");

  /** By the character that stands for it: a byte. */
  private static final Map<Integer, Integer> BYTES = new HashMap<>();

  static {
    int next = 256; // bytes that are no visible character get these, in order
    for (int value = 0; value < 256; value++) {
      boolean visible =
          (value >= '!' && value <= '~')
              || (value >= 0xA1 && value <= 0xAC)
              || (value >= 0xAE && value <= 0xFF);
      BYTES.put(visible ? value : next++, value);
    }
  }

  /** Appends the bytes that a piece stands for. */
  public abstract void append(ByteArrayOutputStream text, String piece);

  /** How a vocabulary is spelt, by the marks that its tokens begin with. */
  public static Spelling of(Collection<String> vocabulary) {
    long bytes = vocabulary.stream().filter(t -> t.startsWith("Ġ") || t.startsWith("Ċ")).count();
    long sentence = vocabulary.stream().filter(token -> token.startsWith(BLANK_MARK)).count();
    long words = vocabulary.stream().filter(token -> token.startsWith("##")).count();
    if (bytes == 0 && sentence == 0 && words == 0) {
      return PLAIN;
    }
    if (sentence >= bytes && sentence >= words) {
      return SENTENCE_PIECE;
    }
    return bytes >= words ? BYTE_LEVEL : WORD_PIECE;
  }

  /**
   * The text of some pieces in one line: line breaks become ⏎, other control characters blanks, and
   * what is left of a character that was cut becomes U+FFFD.
   */
  public String text(List<String> pieces) {
    ByteArrayOutputStream text = new ByteArrayOutputStream();
    pieces.forEach(piece -> append(text, piece));
    return text.toString(StandardCharsets.UTF_8)
        .replaceAll("\\r\\n?|\\n", "⏎")
        .replaceAll("\\p{Cntrl}", " ");
  }
}
