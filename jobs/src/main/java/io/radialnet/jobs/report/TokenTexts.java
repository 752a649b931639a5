package io.radialnet.jobs.report;

import io.radialnet.jobs.table.Spelling;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * How consecutive tokens read. A character whose bytes are spread over several tokens goes to the
 * one that ends it.
 */
final class TokenTexts {

  private TokenTexts() {}

  /** The text of each piece; together, that of all. */
  static List<String> of(Spelling spelling, List<String> pieces) {
    CharsetDecoder decoder =
        StandardCharsets.UTF_8
            .newDecoder()
            .onMalformedInput(CodingErrorAction.REPLACE)
            .onUnmappableCharacter(CodingErrorAction.REPLACE);
    List<String> texts = new ArrayList<>();
    byte[] begun = new byte[0];
    for (String piece : pieces) {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      bytes.writeBytes(begun);
      spelling.append(bytes, piece);
      ByteBuffer in = ByteBuffer.wrap(bytes.toByteArray());
      CharBuffer out = CharBuffer.allocate(in.remaining() + 1);
      decoder.decode(in, out, /* endOfInput= */ false);
      begun = new byte[in.remaining()];
      in.get(begun);
      texts.add(out.flip().toString());
    }
    return texts;
  }

  /**
   * A piece by itself, so that all of it can be seen: see {@link #visible}. Bytes that are no whole
   * character are written as {@code <0xE2>}.
   */
  static String alone(Spelling spelling, String piece) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    spelling.append(bytes, piece);
    CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
    ByteBuffer in = ByteBuffer.wrap(bytes.toByteArray());
    CharBuffer out = CharBuffer.allocate(in.remaining());
    StringBuilder text = new StringBuilder();
    while (true) {
      CoderResult result = decoder.decode(in, out, /* endOfInput= */ true);
      text.append(visible(out.flip().toString()));
      out.clear();
      if (!result.isMalformed()) {
        return text.toString();
      }
      for (int i = 0; i < result.length(); i++) {
        text.append(hexadecimal(in.get() & 0xFF));
      }
      decoder.reset();
    }
  }

  /** Text in which blanks, line ends and control characters can be seen. */
  static String visible(String text) {
    StringBuilder visible = new StringBuilder();
    for (int i = 0; i < text.length(); i++) {
      char character = text.charAt(i);
      switch (character) {
        case ' ' -> visible.append('\u2423'); // an open box
        case '\n' -> visible.append('\u23CE'); // the return symbol
        case '\t' -> visible.append('\u21E5'); // the tab symbol
        default -> {
          if (Character.isISOControl(character)) {
            visible.append(hexadecimal(character));
          } else {
            visible.append(character);
          }
        }
      }
    }
    return visible.toString();
  }

  private static String hexadecimal(int value) {
    return String.format(Locale.ROOT, "<0x%02X>", value);
  }
}
