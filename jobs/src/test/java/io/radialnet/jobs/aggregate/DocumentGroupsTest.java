package io.radialnet.jobs.aggregate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class DocumentGroupsTest {

  @Test
  void groupDependsOnTheIdAlone() {
    assertThat(DocumentGroups.groupOf("a")).isEqualTo(DocumentGroups.groupOf("a"));
    assertThat(IntStream.range(0, 100_000).map(i -> DocumentGroups.groupOf("doc-" + i)).distinct())
        .hasSize(DocumentGroups.MAX_GROUPS);
    assertThat(DocumentGroups.groupOf("")).isBetween(0, DocumentGroups.MAX_GROUPS - 1);
  }

  @Test
  void mergeIsTheSumWhateverTheSplit() {
    SplittableRandom random = new SplittableRandom(3);
    long[][] expected = new long[DocumentGroups.MAX_GROUPS][RatioBins.count()];
    DocumentGroups merged = DocumentGroups.none();
    for (int part = 0; part < 5; part++) {
      DocumentGroups.Builder builder = new DocumentGroups.Builder();
      for (int group = part; group < DocumentGroups.MAX_GROUPS; group += 1 + random.nextInt(300)) {
        long[] histogram = new long[RatioBins.count()];
        for (int i = 0; i < 20; i++) {
          int bin = random.nextInt(RatioBins.count());
          long count = random.nextLong(1L << 40);
          histogram[bin] += count;
          expected[group][bin] += count;
        }
        HistogramSum sum = new HistogramSum();
        sum.add(histogram);
        builder.add(group, sum);
      }
      merged = part % 2 == 0 ? merged.merge(builder.build()) : builder.build().merge(merged);
    }

    int[] groups =
        IntStream.range(0, expected.length)
            .filter(group -> Arrays.stream(expected[group]).sum() > 0)
            .toArray();
    DocumentGroups back = DocumentGroups.fromBytes(merged.toBytes());
    assertThat(back.groups()).isEqualTo(groups);
    double[][] histograms = back.histograms(0, RatioBins.count());
    long[] total = new long[RatioBins.count()];
    for (int i = 0; i < groups.length; i++) {
      for (int bin = 0; bin < total.length; bin++) {
        assertThat((long) histograms[i][bin]).isEqualTo(expected[groups[i]][bin]);
        total[bin] += expected[groups[i]][bin];
      }
    }
    assertThat(back.total()).isEqualTo(total);
  }

  @Test
  void bytesOfAnotherVersionAreRefused() {
    assertThatThrownBy(() -> DocumentGroups.fromBytes(new byte[] {2}))
        .isInstanceOf(IllegalStateException.class);
  }
}
