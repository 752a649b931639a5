package io.radialnet.runtime;

import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.radialnet.tensor.Scope;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

class NativeHeapTest {

  private static final int ARRAYS = 4096;
  private static final Shape SMALL_ENOUGH_FOR_THE_HEAP = new Shape(16 << 10); // 64 KiB

  @Test
  @EnabledOnOs(OS.LINUX)
  void holesBetweenArraysInUseGoBackToTheSystem() {
    List<NDArray> toFree = new ArrayList<>();
    try (Scope scope = Scope.open(Device.cpu())) {
      for (int i = 0; i < ARRAYS; i++) {
        NDArray array = scope.manager().ones(SMALL_ENOUGH_FOR_THE_HEAP, DataType.FLOAT32);
        if (i % 16 != 0) {
          toFree.add(array);
        }
      }
      toFree.forEach(NDArray::close);
      long before = ProcessMemory.residentBytes().orElseThrow();

      NativeHeap.trim();

      long givenBack = before - ProcessMemory.residentBytes().orElseThrow();
      assertTrue(givenBack > 180L << 20, givenBack + " bytes of 240 MiB");
    }
  }
}
