package io.radialnet.jobs.profile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.radialnet.error.UserException;
import io.radialnet.jobs.DuckDb;
import io.radialnet.jobs.Samples;
import io.radialnet.jobs.SparkSessionExtension;
import io.radialnet.jobs.options.ProfileOptions;
import io.radialnet.jobs.shard.RunProducts;
import io.radialnet.tensor.Float32Products;
import java.nio.file.Path;
import java.util.List;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledIf;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** A profile in float32 whose products are made by int8, on processors that can and others. */
@ExtendWith(SparkSessionExtension.class)
class ProfileProductsTest {

  @TempDir private Path dir;

  private SparkSession spark;
  private Path corpus;
  private Path byFloat32;
  private Path byInt8;

  static boolean hasTiles() {
    return Float32Products.ofThisMachine().contains(Float32Products.INT8);
  }

  @BeforeEach
  void start(SparkSession session) {
    spark = session;
    corpus =
        Samples.writeJsonLines(
            dir.resolve("corpus.jsonl"),
            Samples.documents("letters/17-postcard-from-roz", "dialogue/16-voicemail"));
    byFloat32 = dir.resolve("float32");
    byInt8 = dir.resolve("int8");
  }

  @AfterEach
  void reset() {
    spark.conf().unset(RunProducts.KEY);
  }

  private ProfileOptions.Builder options(Path out) {
    return Profiles.options(Samples.OPT_NANO, corpus, out).shards(2);
  }

  @Test
  @EnabledIf("hasTiles")
  void valuesAreThoseOfFloat32ButForRounding() {
    Profiles.run(spark, options(byFloat32));
    spark.conf().set(RunProducts.KEY, "int8");
    Profiles.run(spark, options(byInt8));

    List<Object> compared =
        DuckDb.rows(
                ("select count(*) > 1000, max(abs(a - b)) > 0, max(abs(a - b)) < 2e-6 from (select"
                        + " unnest(one.layer_ratio) a, unnest(other.layer_ratio) b from %s one join"
                        + " %s other using (doc_id, \"window\", \"position\"))")
                    .formatted(
                        DuckDb.table(byFloat32, "token_ratios"),
                        DuckDb.table(byInt8, "token_ratios")))
            .get(0);
    assertThat(compared).as("many, not the same, close").containsExactly(true, true, true);
  }

  @Test
  @EnabledIf("hasTiles")
  void aRunIsNotContinuedInAnotherWay() {
    Profiles.run(spark, options(byFloat32));
    spark.conf().set(RunProducts.KEY, "int8");
    assertThatThrownBy(() -> Profiles.run(spark, options(byFloat32)))
        .isInstanceOf(UserException.class)
        .hasMessageContaining("float32-products (there 'not given', now 'int8')");
    Profiles.run(spark, options(byInt8));
    spark.conf().unset(RunProducts.KEY);
    assertThatThrownBy(() -> Profiles.run(spark, options(byInt8)))
        .isInstanceOf(UserException.class)
        .hasMessageContaining("float32-products (there 'int8', now 'not given')");
  }

  @Test
  @DisabledIf("hasTiles")
  void aProcessorWithoutTilesSaysSo() {
    spark.conf().set(RunProducts.KEY, "int8");
    assertThatThrownBy(() -> Profiles.run(spark, options(byInt8)))
        .isInstanceOf(UserException.class)
        .hasMessageContaining("no units for tiles of int8");
  }
}
