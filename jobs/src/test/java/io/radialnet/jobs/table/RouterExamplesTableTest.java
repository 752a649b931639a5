package io.radialnet.jobs.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.radialnet.error.UserException;
import io.radialnet.jobs.DuckDb;
import io.radialnet.jobs.SparkSessionExtension;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructField;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(SparkSessionExtension.class)
class RouterExamplesTableTest {

  @TempDir private Path dir;

  @Test
  void schemaIsTheContract() {
    assertThat(Stream.of(RouterExamplesTable.schema().fields()).map(Definitions::of))
        .containsExactly(
            "doc_id string not null",
            "domain string",
            "window int not null",
            "position int not null",
            "token_id int not null",
            "layer int not null",
            "block string not null",
            "projection array<float> not null",
            "log_norm float not null",
            "previous_ratios array<float> not null",
            "log_frequency float not null",
            "ratio float not null",
            "label boolean not null",
            "weight double not null",
            "split string not null",
            "fold int not null",
            "shard int not null");
    assertThat(Stream.of(RouterExamplesTable.schema().fields()).map(StructField::getComment))
        .allSatisfy(comment -> assertThat(comment.isDefined()).isTrue());
  }

  private static final class Definitions {
    private static String of(StructField field) {
      return field.name()
          + " "
          + field.dataType().simpleString()
          + (field.nullable() ? "" : " not null");
    }
  }

  @Test
  void whatIsWrittenIsRead(SparkSession spark) {
    Path table = dir.resolve("router_examples");
    write(table, 3, example("a", null, new float[0]), example("ä", "law", new float[] {0.5f, 0}));

    Dataset<Row> read = RouterExamplesTable.read(spark, table.toString());

    assertThat(read.schema().apply("weight").getComment().get()).contains("stands for");
    List<Row> rows = read.orderBy("doc_id").collectAsList();
    assertThat(rows).hasSize(2);
    assertThat(rows.get(0).isNullAt(rows.get(0).fieldIndex("domain"))).isTrue();
    assertThat(rows.get(0).getList(rows.get(0).fieldIndex("previous_ratios"))).isEmpty();
    assertThat(rows.get(1).<Integer>getAs("shard")).isEqualTo(3);
    assertThat(
            DuckDb.rows(
                "select * exclude (shard) from "
                    + DuckDb.table(dir, "router_examples")
                    + " where domain is not null"))
        .containsExactly(
            List.of(
                "ä",
                "law",
                1,
                2,
                3,
                4,
                "mlp",
                List.of(1f, -2f),
                5f,
                List.of(0.5f, 0f),
                -6f,
                0.25f,
                true,
                7.5,
                "test",
                4));
  }

  private static void write(Path table, int shard, RouterExample... examples) {
    org.apache.hadoop.fs.Path file =
        RouterExamplesTable.shardFile(new org.apache.hadoop.fs.Path(table.toString()), shard);
    try (RouterExamplesWriter writer = RouterExamplesWriter.open(new Configuration(), file)) {
      for (RouterExample example : examples) {
        writer.write(example);
      }
      writer.commit(Map.of());
    }
  }

  private static RouterExample example(String docId, String domain, float[] previousRatios) {
    return new RouterExample(
        docId,
        domain,
        1,
        2,
        3,
        4,
        "mlp",
        new float[] {1, -2},
        5,
        previousRatios,
        -6,
        0.25f,
        true,
        7.5,
        "test",
        4);
  }

  @Test
  void readRefusesWhatIsNoTable(SparkSession spark) {
    String missing = dir.resolve("missing").toString();
    assertThatThrownBy(() -> RouterExamplesTable.read(spark, missing))
        .isInstanceOf(UserException.class)
        .hasMessage(
            "Cannot read "
                + missing
                + " as table router_examples: there is no such directory. Name the directory"
                + " router_examples that router-data wrote.");

    String other = dir.resolve("other").toString();
    spark.sql("select 'a' doc_id, 1 layer, 2d weight, array(1d) projection").write().parquet(other);
    assertThatThrownBy(() -> RouterExamplesTable.read(spark, other))
        .isInstanceOf(UserException.class)
        .hasMessageContaining("it has no column domain string; no column window int;")
        .hasMessageContaining("column projection is array<double>, not array<float>;")
        .hasMessageEndingWith("Name the directory router_examples that router-data wrote.");
  }
}
