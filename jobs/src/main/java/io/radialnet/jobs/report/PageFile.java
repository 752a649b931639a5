package io.radialnet.jobs.report;

import io.radialnet.error.UserException;
import io.radialnet.jobs.provenance.WholeFile;
import java.io.IOException;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.ChecksumFileSystem;
import org.apache.hadoop.fs.FSError;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/** Where the page goes. It appears under its name when it is whole. */
final class PageFile {

  private final Path path;
  private final Configuration conf;

  private PageFile(Path path, Configuration conf) {
    this.path = path;
    this.conf = conf;
  }

  /**
   * Checks, before any work, that a file can be written there.
   *
   * @throws UserException when it is a directory, or its directory is not there
   */
  static PageFile checked(String out, Configuration conf) {
    Path path = new Path(out);
    try {
      FileSystem files = path.getFileSystem(conf);
      path = files.makeQualified(path);
      if (path.getParent() == null
          || (files.exists(path) && files.getFileStatus(path).isDirectory())) {
        throw UserException.of(
            "Cannot write " + out,
            "it is a directory",
            "Name a file with --out, such as " + new Path(path, "report.html"));
      }
      if (!files.exists(path.getParent())) {
        throw UserException.of(
            "Cannot write " + out,
            "there is no directory " + path.getParent(),
            "Make it, or choose another --out");
      }
      if (!files.getFileStatus(path.getParent()).isDirectory()) {
        throw UserException.of(
            "Cannot write " + out, path.getParent() + " is a file", "Choose another --out");
      }
    } catch (IOException | IllegalArgumentException e) {
      throw unwritable(path, e);
    }
    return new PageFile(path, conf);
  }

  void write(byte[] page) {
    try {
      WholeFile.write(path, page, conf);
      deleteChecksum();
    } catch (IOException | FSError e) {
      throw unwritable(path, e);
    }
  }

  /** A local page goes to people, who have no use for Hadoop's hidden file beside it. */
  private void deleteChecksum() throws IOException {
    if (path.getFileSystem(conf) instanceof ChecksumFileSystem files) {
      files.getRawFileSystem().delete(files.getChecksumFile(path), /* recursive= */ false);
    }
  }

  private static UserException unwritable(Path path, Throwable e) {
    return UserException.of(
        "Cannot write " + path,
        e.getMessage() == null ? e.toString() : e.getMessage(),
        "Choose an --out that can be written to",
        e);
  }
}
