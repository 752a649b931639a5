package io.radialnet.jobs.files;

import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.ChecksumFs;
import org.apache.hadoop.fs.DelegateToFileSystem;
import org.apache.hadoop.fs.FsConstants;

/**
 * {@link RawLocalFiles} with checksums, for {@code fs.AbstractFileSystem.file.impl}: Hadoop's other
 * interface to the same files, which Delta commits through. Thread-safe.
 */
public final class LocalFileContext extends ChecksumFs {

  private static final int NO_PORT = -1;

  /** For Hadoop, which makes it by reflection; it has one URI for all local files. */
  public LocalFileContext(URI uri, Configuration conf) throws IOException, URISyntaxException {
    super(new Raw(conf));
  }

  private static final class Raw extends DelegateToFileSystem {
    Raw(Configuration conf) throws IOException, URISyntaxException {
      super(
          FsConstants.LOCAL_FS_URI,
          new RawLocalFiles(),
          conf,
          "file",
          /* authorityRequired= */ false);
    }

    @Override
    public int getUriDefaultPort() {
      return NO_PORT;
    }

    @Override
    public boolean isValidName(String name) {
      return true; // the file system says which are not
    }
  }
}
