package io.radialnet.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class ProcessorTest {

  @Test
  void linuxTellsTheVendorAndWhetherTilesAreMultiplied() {
    List<String> sapphireRapids =
        List.of(
            "processor\t: 0",
            "vendor_id\t: GenuineIntel",
            "model name\t: Intel(R) Xeon(R) Processor",
            "flags\t\t: fpu avx512f avx512_bf16 amx_bf16 amx_tile amx_int8",
            "",
            "processor\t: 1");
    assertThat(Processor.of(sapphireRapids)).isEqualTo(new Processor(true, true));
    List<String> zen =
        List.of("vendor_id\t: AuthenticAMD", "flags\t\t: fpu avx2 avx512f avx512_bf16");
    assertThat(Processor.of(zen)).isEqualTo(new Processor(false, false));
  }

  @Test
  void whatIsNotToldIsFalse() {
    List<String> arm = List.of("processor\t: 0", "Features\t: fp asimd amx_bf16", "flags");
    assertThat(Processor.of(arm)).isEqualTo(new Processor(false, false));
    assertThat(Processor.of(List.of())).isEqualTo(new Processor(false, false));
  }
}
