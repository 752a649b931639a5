package io.radialnet.jobs.corpus;

import com.github.luben.zstd.ZstdInputStreamNoFinalizer;
import java.io.IOException;
import java.io.InputStream;
import java.util.Locale;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.io.compress.CompressionCodec;
import org.apache.hadoop.io.compress.CompressionCodecFactory;

/** Opens files, decompressing by their extension. */
final class Streams {

  private Streams() {}

  /** Whether the file must be read from its beginning. */
  static boolean isCompressed(Configuration conf, String path) {
    return isZstandard(path) || new CompressionCodecFactory(conf).getCodec(new Path(path)) != null;
  }

  /** The content from a byte on; of a compressed file, which must start at 0, decompressed. */
  static InputStream open(Configuration conf, String path, long start) throws IOException {
    Path hadoopPath = new Path(path);
    FSDataInputStream raw = hadoopPath.getFileSystem(conf).open(hadoopPath);
    try {
      if (isZstandard(path)) { // Hadoop's own codec needs a native Hadoop
        return new ZstdInputStreamNoFinalizer(raw).setContinuous(false);
      }
      CompressionCodec codec = new CompressionCodecFactory(conf).getCodec(hadoopPath);
      if (codec != null) {
        return codec.createInputStream(raw);
      }
      raw.seek(start);
      return raw;
    } catch (IOException | RuntimeException e) {
      raw.close();
      throw e;
    }
  }

  private static boolean isZstandard(String path) {
    return path.toLowerCase(Locale.ROOT).endsWith(".zst");
  }
}
