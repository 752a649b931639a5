package io.radialnet.jobs.dashboard;

import io.delta.kernel.Scan;
import io.delta.kernel.Snapshot;
import io.delta.kernel.Table;
import io.delta.kernel.data.FilteredColumnarBatch;
import io.delta.kernel.data.Row;
import io.delta.kernel.defaults.engine.DefaultEngine;
import io.delta.kernel.engine.Engine;
import io.delta.kernel.internal.InternalScanFileUtils;
import io.delta.kernel.types.StructType;
import io.delta.kernel.utils.CloseableIterator;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;

/**
 * The files of a Delta table's latest version, by Delta Kernel: Spark has no part in it.
 *
 * @param schema of the table
 * @param files of its rows, none where it has none
 */
record KernelFiles(StructType schema, List<DataFile> files) {

  /**
   * A data file.
   *
   * @param path Parquet
   * @param partition values of the partition columns, which are not in the file
   */
  record DataFile(Path path, Map<String, String> partition) {}

  static KernelFiles of(Path table) throws IOException {
    Engine engine = DefaultEngine.create(new Configuration());
    Snapshot snapshot = Table.forPath(engine, table.toString()).getLatestSnapshot(engine);
    Scan scan = snapshot.getScanBuilder().build();
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
    return new KernelFiles(snapshot.getSchema(), files);
  }

  /** Kernel names files as Hadoop does, blanks and all. */
  private static Path local(String hadoopPath) {
    return Path.of(new org.apache.hadoop.fs.Path(hadoopPath).toUri().getPath());
  }
}
