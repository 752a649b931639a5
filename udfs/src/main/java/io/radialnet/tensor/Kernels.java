package io.radialnet.tensor;

import ai.djl.Device;
import ai.djl.MalformedModelException;
import ai.djl.Model;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.engine.PtSymbolBlock;
import ai.djl.pytorch.jni.IValue;
import ai.djl.pytorch.jni.IValueUtils;
import ai.djl.pytorch.jni.JniUtils;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.LongStream;

/**
 * The TorchScript programs of {@code kernels.py}, for what DJL's NDArray lacks (fused attention,
 * bfloat16, reductions with a dtype) or would hold too long (a block's intermediate results are
 * freed inside the program as soon as they are used). No Python runs: the text is the archive's
 * code.
 *
 * <p>One instance a device and JVM, from {@link #on}; thread-safe. Every result is created in the
 * scope that is passed. Dimensions: B sequences, T positions, E hidden size, H heads, D head size,
 * I and O a linear map's inputs and outputs, V vocabulary.
 */
public final class Kernels {

  private static final Map<Device, Kernels> LOADED = new ConcurrentHashMap<>();

  private final Model model;
  private final PtSymbolBlock programs;

  private Kernels(Model model) {
    this.model = model;
    this.programs = (PtSymbolBlock) model.getBlock();
  }

  /** The kernels of a device, loaded at the first call in this JVM. */
  public static Kernels on(Device device) {
    return LOADED.computeIfAbsent(device, Kernels::load);
  }

  private static Kernels load(Device device) {
    Torch.configure();
    Model model = Model.newInstance("kernels", device, Torch.ENGINE);
    try (ByteArrayInputStream archive =
        new ByteArrayInputStream(KernelArchive.ofResource("kernels.py"))) {
      model.load(archive);
      return new Kernels(model);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (MalformedModelException e) {
      throw new IllegalStateException("kernels.py is not a TorchScript program", e);
    }
  }

  /** The device whose arrays these kernels take. */
  public Device device() {
    return model.getNDManager().getDevice();
  }

  /**
   * Runs one program.
   *
   * @param scope where the result is created
   * @param program a method's name in {@code kernels.py}
   * @param arguments in the method's order: NDArray, a list of NDArrays, long[], Long, Integer,
   *     Double, Boolean or String
   */
  public NDArray run(Scope scope, String program, Object... arguments) {
    // Grad mode belongs to the thread and is on in new ones.
    JniUtils.setGradMode(false);
    IValue[] values = new IValue[arguments.length];
    try {
      for (int i = 0; i < arguments.length; i++) {
        values[i] = value(arguments[i]);
      }
      try (IValue result = IValueUtils.runMethod(programs, program, values)) {
        return result.toTensor((PtNDManager) scope.manager());
      }
    } finally {
      for (IValue value : values) {
        if (value != null) {
          value.close();
        }
      }
    }
  }

  /**
   * An array from stored bytes, copied and converted on the way.
   *
   * @param bytes a direct buffer of little-endian numbers
   * @param stored how they are stored
   * @param shape of the result
   * @param target dtype of the result
   */
  public NDArray decode(
      Scope scope, ByteBuffer bytes, ElementType stored, long[] shape, ElementType target) {
    try (Scope local = scope.child()) {
      NDArray raw =
          switch (stored) {
            case FLOAT32 -> local.manager().create(bytes, new Shape(shape), DataType.FLOAT32);
            case FLOAT16 -> local.manager().create(bytes, new Shape(shape), DataType.FLOAT16);
            case BFLOAT16 -> // DJL cannot create one: 16 bits are read as what they are
                run(
                    local,
                    "reinterpret",
                    local.manager().create(bytes, new Shape(shape), DataType.FLOAT16),
                    stored.torchCode());
          };
      return local.release(run(local, "cast", raw, target.torchCode()));
    }
  }

  private static IValue value(Object argument) {
    if (argument instanceof PtNDArray array) {
      return IValue.from(array);
    }
    if (argument instanceof List<?> arrays) {
      return IValue.listFrom(arrays.stream().map(PtNDArray.class::cast).toArray(PtNDArray[]::new));
    }
    if (argument instanceof long[] numbers) {
      return IValue.listFrom(LongStream.of(numbers).toArray());
    }
    if (argument instanceof Number number) {
      return argument instanceof Double
          ? IValue.from(number.doubleValue())
          : IValue.from(number.longValue());
    }
    if (argument instanceof Boolean flag) {
      return IValue.from(flag.booleanValue());
    }
    if (argument instanceof String text) {
      return IValue.from(text);
    }
    throw new IllegalArgumentException("no kernel takes a " + argument);
  }
}
