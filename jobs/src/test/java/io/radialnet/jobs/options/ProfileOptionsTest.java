package io.radialnet.jobs.options;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.radialnet.error.UserException;
import io.radialnet.probe.Measure;
import io.radialnet.transformer.Block;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ProfileOptionsTest {

  @Test
  void defaultsAreThoseOfTheContract() {
    ProfileOptions options = ProfileOptions.builder("m", "c", "o").build();

    assertThat(options.blocks()).containsExactly(Block.ATTN, Block.MLP, Block.LAYER);
    assertThat(options.measures()).containsExactly(Measure.RATIO, Measure.COSINE);
    assertThat(options.format()).isEqualTo(CorpusFormat.AUTO);
    assertThat(options.textColumn()).isEqualTo("text");
    assertThat(options.idColumn()).isEmpty();
    assertThat(options.keepColumns()).isEmpty();
    assertThat(options.dtype()).isEqualTo(Dtype.AUTO);
    assertThat(options.device()).isEqualTo(DeviceChoice.AUTO);
    assertThat(options.loss()).isFalse();
    assertThat(options.maxLength()).isEmpty();
    assertThat(options.addSpecialTokens()).isEmpty();
    assertThat(options.batchTokens()).isEqualTo(2048);
    assertThat(options.shards()).isEmpty();
    assertThat(options.limitDocs()).isEmpty();
    assertThat(options.sampleFraction()).isEmpty();
    assertThat(options.weights()).isEqualTo(WeightsChoice.AUTO);
    assertThat(options.maxErrorFraction()).isEqualTo(0.01);
    assertThat(options.overwrite()).isFalse();
  }

  @Test
  void everyKeyCanBeSet() {
    ProfileOptions options =
        ProfileOptions.builder("hdfs://a/model", "s3a://b/*.jsonl", "file:/out")
            .blocks(Block.MLP, Block.ATTN)
            .measures(Measure.INPUT_NORM, Measure.UPDATE_NORM)
            .format(CorpusFormat.CSV)
            .textColumn("body")
            .idColumn("name")
            .keepColumns("domain", "year")
            .dtype(Dtype.FLOAT16)
            .device(DeviceChoice.CPU)
            .withLoss()
            .maxLength(128)
            .withoutSpecialTokens()
            .batchTokens(2048)
            .shards(7)
            .limitDocs(20)
            .sampleFraction(0.25)
            .weights(WeightsChoice.RESIDENT)
            .maxErrorFraction(0.5)
            .overwriting()
            .build();

    assertThat(options.toMap())
        .containsExactlyInAnyOrderEntriesOf(
            Map.ofEntries(
                Map.entry("model", "hdfs://a/model"),
                Map.entry("corpus", "s3a://b/*.jsonl"),
                Map.entry("out", "file:/out"),
                Map.entry("blocks", "mlp,attn"),
                Map.entry("measures", "input_norm,update_norm"),
                Map.entry("format", "csv"),
                Map.entry("text-column", "body"),
                Map.entry("id-column", "name"),
                Map.entry("keep-columns", "domain,year"),
                Map.entry("dtype", "float16"),
                Map.entry("device", "cpu"),
                Map.entry("loss", "true"),
                Map.entry("max-length", "128"),
                Map.entry("add-special-tokens", "false"),
                Map.entry("batch-tokens", "2048"),
                Map.entry("shards", "7"),
                Map.entry("limit-docs", "20"),
                Map.entry("sample-fraction", "0.25"),
                Map.entry("weights", "resident"),
                Map.entry("max-error-fraction", "0.5"),
                Map.entry("overwrite", "true")));
  }

  @Test
  void allProblemsAreReportedTogether() {
    assertThatThrownBy(
            () ->
                ProfileOptions.builder(" ", "data", "data/")
                    .blocks()
                    .measures(Measure.RATIO, Measure.RATIO)
                    .format(CorpusFormat.IMAGES)
                    .textColumn("")
                    .idColumn("")
                    .keepColumns("domain", "Token", "mlp_ratio", "DOMAIN")
                    .maxLength(0)
                    .batchTokens(-1)
                    .shards(10_001)
                    .limitDocs(0)
                    .sampleFraction(Double.NaN)
                    .weights(WeightsChoice.STREAMED)
                    .maxErrorFraction(1.5)
                    .build())
        .isInstanceOf(UserException.class)
        .hasMessage(
            "Cannot profile with these options: --model is empty;"
                + " --out and --corpus are the same place, data/;"
                + " --text-column is empty;"
                + " --id-column is empty;"
                + " --keep-columns names 'Token', which the output has already;"
                + " --keep-columns names 'mlp_ratio', which the output has already;"
                + " --keep-columns names 'DOMAIN', which the output has already;"
                + " --blocks is empty;"
                + " --measures is ratio,ratio, which repeats a name;"
                + " --format is images, this version profiles text only;"
                + " --weights is streamed, this version holds all weights in memory;"
                + " --max-length is 0, expected at least 1;"
                + " --batch-tokens is -1, expected at least 1;"
                + " --limit-docs is 0, expected at least 1;"
                + " --shards is 10001, at most 10000 are possible;"
                + " --sample-fraction is NaN, expected above 0 and at most 1;"
                + " --max-error-fraction is 1.5, expected 0 to 1."
                + " Correct them; `radial profile --help` explains each.");
  }
}
