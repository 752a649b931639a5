package io.radialnet.jobs.provenance;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The identity of a run: a hash of everything that decides its values, so that the same command on
 * the same data has the same id, and any other has another.
 */
public final class RunId {

  private static final int DIGITS = 16;

  private RunId() {}

  /**
   * The id, 16 hexadecimal digits.
   *
   * @param deciding what decides the values, by name; the order does not matter
   */
  public static String of(Map<String, String> deciding) {
    SortedMap<String, String> sorted = new TreeMap<>(deciding);
    MessageDigest digest = sha256();
    sorted.forEach(
        (key, value) -> {
          digest.update(key.getBytes(StandardCharsets.UTF_8));
          digest.update((byte) 0);
          digest.update(value.getBytes(StandardCharsets.UTF_8));
          digest.update((byte) 0);
        });
    return HexFormat.of().formatHex(digest.digest()).substring(0, DIGITS);
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
