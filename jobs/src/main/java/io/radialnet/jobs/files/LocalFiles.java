package io.radialnet.jobs.files;

import org.apache.hadoop.fs.LocalFileSystem;

/** {@link RawLocalFiles} with checksums, for {@code fs.file.impl}. Thread-safe. */
public final class LocalFiles extends LocalFileSystem {

  /** For Hadoop, which makes it by reflection. */
  public LocalFiles() {
    super(new RawLocalFiles());
  }
}
