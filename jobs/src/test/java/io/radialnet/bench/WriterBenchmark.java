package io.radialnet.bench;

import io.radialnet.jobs.table.ProfiledWindow;
import io.radialnet.jobs.table.TokenRatiosTable;
import io.radialnet.jobs.table.TokenRatiosWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * One thread writing a shard's file with the columns of the default options: rows a second. The
 * numbers are spread like a trained model's.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 4, time = 2)
@Measurement(iterations = 6, time = 2)
@Fork(1)
public class WriterBenchmark {

  private static final int WINDOWS = 40;
  private static final int ROWS = WINDOWS * SampleWindows.T;

  /** L. */
  @Param({"12", "24"})
  int layers;

  @Param({"plain", "byte_stream_split"})
  String encoding;

  private final Configuration conf = new Configuration();
  private List<ProfiledWindow> windows;
  private Path table;
  private int shard;

  /** Makes the rows. */
  @Setup
  public void open() throws IOException {
    conf.set("radial.float.encoding", encoding);
    table = new Path(Files.createTempDirectory("writer-benchmark").toUri());
    windows = new SampleWindows(layers).make(WINDOWS);
  }

  /** Removes the files. */
  @TearDown
  public void close() throws IOException {
    FileSystem.getLocal(conf).delete(table, true);
  }

  @Benchmark
  @OperationsPerInvocation(ROWS)
  public void rows() {
    shard = (shard + 1) % 16;
    Path file = TokenRatiosTable.shardFile(table, shard);
    try (TokenRatiosWriter writer =
        TokenRatiosWriter.open(conf, file, SampleWindows.SCHEMA, layers)) {
      windows.forEach(writer::write);
      writer.commit(Map.of());
    }
  }
}
