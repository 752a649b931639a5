package io.radialnet.jobs.provenance;

import java.io.IOException;
import java.io.OutputStream;
import java.util.UUID;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileContext;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Options;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.UnsupportedFileSystemException;

/** Files that are written in one step, so that a reader sees the old one or the new one. */
public final class WholeFile {

  private WholeFile() {}

  /** Writes a file, replacing an earlier one in one step. Nothing is left behind when it fails. */
  public static void write(Path file, byte[] content, Configuration conf) throws IOException {
    FileSystem files = file.getFileSystem(conf);
    Path temporary = new Path(file.getParent(), "." + file.getName() + "." + UUID.randomUUID());
    try {
      try (OutputStream out = files.create(temporary, /* overwrite= */ true)) {
        out.write(content);
      }
      replace(files, temporary, file);
    } catch (Throwable failure) {
      delete(files, temporary, failure);
      throw failure;
    }
  }

  private static void delete(FileSystem files, Path temporary, Throwable reason) {
    try {
      files.delete(temporary, /* recursive= */ false);
    } catch (IOException e) {
      reason.addSuppressed(e);
    }
  }

  /** In one step, where the file system has Hadoop's newer interface, too. */
  private static void replace(FileSystem files, Path temporary, Path file) throws IOException {
    FileContext inOneStep;
    try {
      inOneStep = FileContext.getFileContext(files.getUri(), files.getConf());
    } catch (UnsupportedFileSystemException e) {
      files.delete(file, /* recursive= */ false);
      if (!files.rename(temporary, file)) {
        throw new IOException("cannot rename " + temporary.getName() + " to its final name");
      }
      return;
    }
    inOneStep.rename(temporary, file, Options.Rename.OVERWRITE);
  }
}
