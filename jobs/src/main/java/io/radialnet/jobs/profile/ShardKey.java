package io.radialnet.jobs.profile;

import io.radialnet.jobs.corpus.Document;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Comparator;
import java.util.zip.CRC32C;

/**
 * Where a document belongs: its shard, by a hash of its id, and its place there, by id (in the
 * order of UTF-8 bytes, as Spark sorts strings) and then by its place in the corpus, so that of two
 * documents of one id the later is known. Serialized.
 */
record ShardKey(int shard, String docId, String file, long row) implements Serializable {

  static ShardKey of(Document document, int shards) {
    return new ShardKey(
        shardOf(document.docId(), shards), document.docId(), document.file(), document.row());
  }

  /** The shard of an id, 0 (inclusive) to shards (exclusive). */
  static int shardOf(String docId, int shards) {
    CRC32C hash = new CRC32C();
    hash.update(docId.getBytes(StandardCharsets.UTF_8));
    return (int) (hash.getValue() % shards);
  }

  /** Orders the documents of a shard. Serialized. */
  static final class ByPlace implements Comparator<ShardKey>, Serializable {
    private static final long serialVersionUID = 1L;

    @Override
    public int compare(ShardKey a, ShardKey b) {
      int byId = Arrays.compareUnsigned(utf8(a.docId), utf8(b.docId));
      if (byId != 0) {
        return byId;
      }
      int byFile = a.file.compareTo(b.file);
      return byFile != 0 ? byFile : Long.compare(a.row, b.row);
    }

    private static byte[] utf8(String text) {
      return text.getBytes(StandardCharsets.UTF_8);
    }
  }
}
