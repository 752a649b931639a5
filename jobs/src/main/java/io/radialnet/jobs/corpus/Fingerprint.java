package io.radialnet.jobs.corpus;

import java.io.Serializable;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.stream.LongStream;

/**
 * The mergeable state of a scan: counts, and the sum of the documents' SHA-256 digests. A sum does
 * not depend on order or partitioning; each digest covers the document's place (file and row), so
 * exchanging two texts changes it. Not thread-safe.
 */
final class Fingerprint implements Serializable {

  private static final int LANES = 4;

  private long documents;
  private long failures;
  private long characters;
  private final long[] lanes = new long[LANES]; // each a sum modulo 2^64
  private final long[] charactersByShard;
  private final Corpus.Sharding sharding;

  Fingerprint(int shards, Corpus.Sharding sharding) {
    this.charactersByShard = new long[shards];
    this.sharding = sharding;
  }

  Fingerprint add(Document document) {
    documents++;
    if (document.failure() != null) {
      failures++;
    } else {
      int read = document.text().codePointCount(0, document.text().length());
      characters += read;
      charactersByShard[sharding.shardOf(document)] += read;
    }
    ByteBuffer digest = ByteBuffer.wrap(digest(document));
    for (int lane = 0; lane < LANES; lane++) {
      lanes[lane] += digest.getLong();
    }
    return this;
  }

  Fingerprint merge(Fingerprint other) {
    documents += other.documents;
    failures += other.failures;
    characters += other.characters;
    for (int lane = 0; lane < LANES; lane++) {
      lanes[lane] += other.lanes[lane];
    }
    for (int shard = 0; shard < charactersByShard.length; shard++) {
      charactersByShard[shard] += other.charactersByShard[shard];
    }
    return this;
  }

  CorpusScan toScan(long bytesOnDisk) {
    MessageDigest sha = sha256();
    ByteBuffer state = ByteBuffer.allocate((1 + LANES) * Long.BYTES).putLong(documents);
    for (long lane : lanes) {
      state.putLong(lane);
    }
    String fingerprint = HexFormat.of().formatHex(sha.digest(state.array()));
    return new CorpusScan(
        documents,
        failures,
        characters,
        LongStream.of(charactersByShard).boxed().toList(),
        bytesOnDisk,
        fingerprint);
  }

  /** A number in [0, 1) that depends on the id alone and is spread evenly. */
  static double unitHash(String docId) {
    byte[] digest = sha256().digest(docId.getBytes(StandardCharsets.UTF_8));
    return (ByteBuffer.wrap(digest).getLong() >>> 11) * 0x1p-53;
  }

  private static byte[] digest(Document document) {
    MessageDigest sha = sha256();
    put(sha, document.file());
    put(sha, document.row());
    put(sha, document.docId());
    put(sha, document.text());
    put(sha, document.failure());
    for (Object value : document.kept()) {
      put(sha, value == null ? null : value.getClass().getSimpleName());
      put(sha, value == null ? null : value.toString());
    }
    return sha.digest();
  }

  /** Length first, so that no two sequences of values give the same bytes. */
  private static void put(MessageDigest sha, String value) {
    byte[] bytes = value == null ? new byte[0] : value.getBytes(StandardCharsets.UTF_8);
    put(sha, value == null ? -1 : bytes.length);
    sha.update(bytes);
  }

  private static void put(MessageDigest sha, long value) {
    sha.update(ByteBuffer.allocate(Long.BYTES).putLong(value).array());
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
