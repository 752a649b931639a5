package io.radialnet.jobs.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.radialnet.error.UserException;
import io.radialnet.jobs.SparkSessionExtension;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(SparkSessionExtension.class)
class TokenRatiosTableTest {

  @TempDir private Path dir;

  @Test
  void schemaIsTheContract() {
    StructType schema =
        TokenRatiosTable.schemaWithSurprisal(
            new StructType().add("domain", DataTypes.StringType),
            List.of("attn", "layer"),
            List.of("ratio", "input_norm"));
    assertThat(Stream.of(schema.fields()).map(TokenRatiosTableTest::definition))
        .containsExactly(
            "doc_id string not null",
            "window int not null",
            "position int not null",
            "doc_position int",
            "token_id int not null",
            "token string not null",
            "is_special boolean not null",
            "domain string",
            "attn_ratio array<float> not null",
            "attn_input_norm array<float> not null",
            "layer_ratio array<float> not null",
            "layer_input_norm array<float> not null",
            "surprisal float",
            "shard int not null");
    assertThat(Stream.of(schema.fields()).map(StructField::getComment))
        .allSatisfy(comment -> assertThat(comment.isDefined()).isTrue());
    assertThat(schema.apply("layer_ratio").getComment().get())
        .isEqualTo(
            "residual ratio |f| / |y|, L2 norms, no unit, one per layer in layer order, of the"
                + " whole layer as one addition y = x + f");
  }

  @Test
  void surprisalIsThereOnRequestOnly() {
    StructType schema =
        TokenRatiosTable.schema(new StructType(), List.of("attn"), List.of("ratio"));
    assertThat(schema.fieldNames()).doesNotContain("surprisal").endsWith("attn_ratio", "shard");
  }

  @Test
  void unknownMeasureIsABrokenInvariant() {
    assertThatThrownBy(
            () -> TokenRatiosTable.schema(new StructType(), List.of("attn"), List.of("rato")))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("no column is known for attn and rato");
  }

  @Test
  void readRefusesWhatIsNoTable(SparkSession spark) {
    String missing = dir.resolve("missing").toString();
    assertThatThrownBy(() -> TokenRatiosTable.read(spark, missing))
        .isInstanceOf(UserException.class)
        .hasMessage(
            "Cannot read "
                + missing
                + " as table token_ratios: there is no such directory. Name"
                + " the directory token_ratios that profile wrote.");
    assertThatThrownBy(() -> TokenRatiosTable.read(spark, dir.toString()))
        .isInstanceOf(UserException.class)
        .hasMessageContaining("as table token_ratios: it holds no Parquet files.");
    String other = dir.resolve("other").toString();
    spark
        .sql(
            "select 'a' doc_id, 1L window, 1 position, 1 doc_position, 1 token_id, '' token,"
                + " 0 shard")
        .write()
        .parquet(other);
    assertThatThrownBy(() -> TokenRatiosTable.read(spark, other))
        .isInstanceOf(UserException.class)
        .hasMessageContaining(
            "it has column window is bigint, not int; no column is_special boolean; no column of a"
                + " block's measure, such as attn_ratio array<float>.");
  }

  private static String definition(StructField field) {
    String type = field.dataType().simpleString();
    return field.name() + " " + type + (field.nullable() ? "" : " not null");
  }
}
