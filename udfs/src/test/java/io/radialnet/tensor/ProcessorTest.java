package io.radialnet.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ProcessorTest {

  private static final Set<ElementType> NONE = Set.of();
  private static final Set<ElementType> BFLOAT16 = Set.of(ElementType.BFLOAT16);

  @Test
  void tilesMultiplyBfloat16() {
    List<String> sapphireRapids =
        List.of(
            "processor\t: 0",
            "vendor_id\t: GenuineIntel",
            "model name\t: Intel(R) Xeon(R) Processor",
            "flags\t\t: fpu avx512f avx512_bf16 amx_bf16 amx_tile amx_int8",
            "",
            "processor\t: 1");
    assertThat(Processor.of(sapphireRapids)).isEqualTo(new Processor(true, true, true, BFLOAT16));
  }

  @Test
  void someTilesMultiplyFloat16Too() {
    Set<ElementType> both = Set.of(ElementType.BFLOAT16, ElementType.FLOAT16);
    assertThat(Processor.of(intel(173, "avx512_bf16 avx512_fp16 amx_bf16 amx_fp16")))
        .isEqualTo(new Processor(true, true, false, both));
  }

  /** A virtual machine may hide the tiles of a Sapphire Rapids (143). */
  @Test
  void withoutTilesOneKindOfIntelsIsFastWithBfloat16() {
    assertThat(Processor.of(intel(143, "avx512f avx512_bf16 avx512_fp16")))
        .isEqualTo(new Processor(true, false, false, NONE));
    assertThat(Processor.of(intel(85, "avx512f avx512_vnni")))
        .isEqualTo(new Processor(true, false, false, NONE));
    assertThat(Processor.of(intel(85, "avx512f avx512_bf16")))
        .isEqualTo(new Processor(true, false, false, BFLOAT16));
  }

  private static List<String> intel(int model, String flags) {
    return List.of(
        "vendor_id\t: GenuineIntel",
        "cpu family\t: 6",
        "model\t\t: " + model,
        "flags\t\t: fpu " + flags);
  }

  @Test
  void othersAreFastWithBfloat16WhereTheyHaveIt() {
    List<String> zen4 =
        List.of("vendor_id\t: AuthenticAMD", "flags\t\t: fpu avx2 avx512f avx512_bf16");
    assertThat(Processor.of(zen4)).isEqualTo(new Processor(false, false, false, BFLOAT16));
    List<String> zen3 = List.of("vendor_id\t: AuthenticAMD", "flags\t\t: fpu avx2");
    assertThat(Processor.of(zen3)).isEqualTo(Processor.UNKNOWN);
    List<String> graviton = List.of("processor\t: 0", "Features\t: fp asimd i8mm bf16");
    assertThat(Processor.of(graviton)).isEqualTo(new Processor(false, false, false, BFLOAT16));
  }

  @Test
  void whatIsNotToldIsFalse() {
    List<String> arm = List.of("processor\t: 0", "Features\t: fp asimd amx_bf16", "flags");
    assertThat(Processor.of(arm)).isEqualTo(Processor.UNKNOWN);
    assertThat(Processor.of(List.of())).isEqualTo(Processor.UNKNOWN);
  }
}
