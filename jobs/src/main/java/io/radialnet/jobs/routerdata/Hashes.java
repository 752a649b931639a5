package io.radialnet.jobs.routerdata;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * The hashes that decide what is drawn and where documents go: the same on every machine, however
 * the corpus is cut.
 */
final class Hashes {

  /** The smallest hash of an example is 0, the largest this. */
  static final long MAX = Long.MAX_VALUE;

  private static final long GOLDEN_GAMMA = 0x9e3779b97f4a7c15L; // SplitMix64's

  private Hashes() {}

  /** The first 64 bits of the SHA-256 of a text in UTF-8. */
  static long ofText(String text) {
    try {
      MessageDigest sha = MessageDigest.getInstance("SHA-256");
      return ByteBuffer.wrap(sha.digest(text.getBytes(StandardCharsets.UTF_8))).getLong();
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  /** What a window adds to the hashes of its examples. */
  static long ofWindow(long seed, String docId, int window) {
    return ofText("sample:" + seed + ":" + window + ":" + docId);
  }

  /** What a token adds to the hashes of its examples. */
  static long ofToken(long windowHash, int position) {
    return mix(windowHash + (position + 1) * GOLDEN_GAMMA);
  }

  /** The hash of an example, 0 to {@link #MAX}. */
  static long ofExample(long tokenHash, int block) {
    return mix(tokenHash + (block + 1) * GOLDEN_GAMMA) >>> 1;
  }

  /** SplitMix64's finalizer: every bit of the result depends on every bit of the argument. */
  private static long mix(long bits) {
    long mixed = (bits ^ (bits >>> 30)) * 0xbf58476d1ce4e5b9L;
    mixed = (mixed ^ (mixed >>> 27)) * 0x94d049bb133111ebL;
    return mixed ^ (mixed >>> 31);
  }
}
