package io.radialnet.jobs.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.radialnet.error.UserException;
import io.radialnet.jobs.SparkSessionExtension;
import java.nio.file.Path;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(SparkSessionExtension.class)
class ErrorsWriterTest {

  @TempDir private Path dir;

  @Test
  void errorsComeBackAsWritten(SparkSession spark) {
    org.apache.hadoop.fs.Path table = new org.apache.hadoop.fs.Path(dir.toString());
    try (ErrorsWriter writer =
        ErrorsWriter.open(new Configuration(), ErrorsTable.shardFile(table, 2))) {
      writer.write(new DocumentError("b", "a.jsonl:line 1", "invalid JSON"));
      writer.write(new DocumentError(null, "a.jsonl:line 2", "duplicate doc_id"));
      writer.commit(Map.of());
    }
    Dataset<Row> errors = ErrorsTable.read(spark, dir.toString());
    assertThat(errors.collectAsList().stream().map(Row::toString))
        .containsExactly(
            "[b,a.jsonl:line 1,invalid JSON,2]", "[null,a.jsonl:line 2,duplicate doc_id,2]");
    assertThat(errors.schema().apply("reason").getComment().get())
        .isEqualTo("why the document could not be profiled");
    assertThat(errors.schema().apply("shard").getComment().isDefined()).isTrue();
  }

  @Test
  void readRefusesWhatIsNoTable(SparkSession spark) {
    String other = dir.resolve("other").toString();
    spark.sql("select 'a' doc_id, 0 shard").write().parquet(other);
    assertThatThrownBy(() -> ErrorsTable.read(spark, other))
        .isInstanceOf(UserException.class)
        .hasMessage(
            "Cannot read "
                + other
                + " as table errors: it has no column source string; no"
                + " column reason string. Name the directory errors that profile wrote.");
  }
}
