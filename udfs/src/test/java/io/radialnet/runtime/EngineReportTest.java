package io.radialnet.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class EngineReportTest {

  @Test
  void findsTheEngineOfThisBuild() {
    EngineReport report = EngineReport.inspect();

    assertThat(report.engineFailure()).isEmpty();
    assertThat(report.tokenizersFailure()).isEmpty();
    assertThat(report.djlVersion()).startsWith("0.");
    assertThat(report.pytorchVersion()).hasValueSatisfying(v -> assertThat(v).startsWith("2."));
    assertThat(report.platform()).matches("(linux|osx|win)-(x86_64|aarch64)");
    assertThat(report.cudaDevices()).isNotNegative();
    assertThat(report.nativeCache()).isDirectory();
  }
}
