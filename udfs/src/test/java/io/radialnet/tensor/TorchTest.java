package io.radialnet.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.Device;
import io.radialnet.error.UserException;
import org.junit.jupiter.api.Test;

class TorchTest {

  @Test
  void theCpuIsAlwaysThere() {
    assertThat(Torch.device("cpu")).isEqualTo(Device.cpu());
  }

  @Test
  void cudaThatIsNotThereIsAnErrorAndNeverTheCpu() {
    int beyond = Torch.cudaDevices();
    assertThatThrownBy(() -> Torch.device("cuda:" + beyond))
        .isInstanceOf(UserException.class)
        .hasMessageStartingWith(
            "Cannot run on cuda:%d: this process sees %d CUDA devices", beyond, beyond)
        .hasMessageContaining("--device cpu");
    assertThat(Torch.device("auto:" + beyond)).isEqualTo(Device.cpu());
  }

  @Test
  void autoIsTheFirstDeviceThatIsThere() {
    assertThat(Torch.device("auto"))
        .isEqualTo(Torch.cudaDevices() > 0 ? Device.gpu(0) : Device.cpu());
  }
}
