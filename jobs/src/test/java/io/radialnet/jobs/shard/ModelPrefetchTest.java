package io.radialnet.jobs.shard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.radialnet.error.UserException;
import io.radialnet.jobs.Samples;
import io.radialnet.jobs.SparkSessionExtension;
import io.radialnet.runtime.LoadedModel;
import io.radialnet.runtime.ModelCache.Lease;
import io.radialnet.runtime.ModelSpec;
import io.radialnet.runtime.Models;
import io.radialnet.tensor.ElementType;
import io.radialnet.tensor.Float32Products;
import io.radialnet.transformer.Blueprint.Head;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(SparkSessionExtension.class)
class ModelPrefetchTest {

  private static final Configuration CONF = new Configuration();
  private static final int LENGTH = 32;

  @TempDir private Path dir;

  @Test
  void aTaskFindsTheModelLoaded(SparkSession spark) throws Exception {
    Path model = Samples.goldenModel("opt", dir.resolve("opt"));
    prefetch(spark, model);

    Files.delete(model.resolve("model.safetensors"));
    try (Lease<LoadedModel> lease =
        Models.acquire(spec(model, Models.fingerprint(model.toString(), CONF)), "cpu", CONF)) {
      assertThat(lease.model().deviceName()).isEqualTo("cpu()");
    }
    Models.closeIdle();
  }

  @Test
  void whatFailsIsToldWhereTheModelIsUsed(SparkSession spark) throws Exception {
    Path model = dir.resolve("none");
    prefetch(spark, model);

    assertThatThrownBy(() -> Models.acquire(spec(model, "f".repeat(64)), "cpu", CONF))
        .isInstanceOf(UserException.class)
        .hasMessageContaining(model.toString());
  }

  private static void prefetch(SparkSession spark, Path model) throws InterruptedException {
    JavaSparkContext.fromSparkContext(spark.sparkContext())
        .parallelize(List.of(0), 1)
        .foreachPartition(
            new ModelPrefetch(
                model.toString(),
                ElementType.FLOAT32,
                Float32Products.FLOAT32,
                Head.UNUSED,
                LENGTH,
                "cpu",
                CONF));
    for (Thread thread : Thread.getAllStackTraces().keySet()) {
      if (thread.getName().equals("radial-load-model")) {
        thread.join();
      }
    }
  }

  private static ModelSpec spec(Path model, String fingerprint) {
    return new ModelSpec(
        model.toString(),
        fingerprint,
        ElementType.FLOAT32,
        Float32Products.FLOAT32,
        Head.UNUSED,
        LENGTH);
  }
}
