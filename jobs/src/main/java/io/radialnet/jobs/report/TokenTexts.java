package io.radialnet.jobs.report;

import io.radialnet.jobs.table.Spelling;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

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
}
