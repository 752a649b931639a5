package io.radialnet.jobs.dashboard;

import io.delta.kernel.Scan;
import io.delta.kernel.Table;
import io.delta.kernel.data.FilteredColumnarBatch;
import io.delta.kernel.data.Row;
import io.delta.kernel.defaults.engine.DefaultEngine;
import io.delta.kernel.engine.Engine;
import io.delta.kernel.internal.InternalScanFileUtils;
import io.delta.kernel.utils.CloseableIterator;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;

/** The files of a Delta table's latest version, by Delta Kernel: Spark has no part in it. */
final class KernelFiles {

  /**
   * A data file.
   *
   * @param path Parquet
   * @param partition values of the partition columns, which are not in the file
   */
  record DataFile(Path path, Map<String, String> partition) {}

  private KernelFiles() {}

  static List<DataFile> of(Path table) throws IOException {
    Engine engine = DefaultEngine.create(new Configuration());
    Scan scan =
        Table.forPath(engine, table.toString()).getLatestSnapshot(engine).getScanBuilder().build();
    List<DataFile> files = new ArrayList<>();
    try (CloseableIterator<FilteredColumnarBatch> batches = scan.getScanFiles(engine)) {
      while (batches.hasNext()) {
        try (CloseableIterator<Row> rows = batches.next().getRows()) {
          while (rows.hasNext()) {
            Row file = rows.next();
            files.add(
                new DataFile(
                    local(InternalScanFileUtils.getAddFileStatus(file).getPath()),
                    InternalScanFileUtils.getPartitionValues(file)));
          }
        }
      }
    }
    return files;
  }

  /** Kernel names files as Hadoop does, blanks and all. */
  private static Path local(String hadoopPath) {
    return Path.of(new org.apache.hadoop.fs.Path(hadoopPath).toUri().getPath());
  }
}
