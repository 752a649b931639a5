package io.radialnet.tensor;

import ai.djl.Device;
import ai.djl.MalformedModelException;
import ai.djl.Model;
import ai.djl.engine.EngineException;
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
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.LongStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The TorchScript programs of {@code kernels.py} and {@code linear_*.py}, for what DJL's NDArray
 * lacks (fused attention, bfloat16, reductions with a dtype) or would hold too long (a block's
 * intermediate results are freed inside the program as soon as they are used). No Python runs: the
 * text is the archive's code.
 *
 * <p>One instance a device and JVM, from {@link #on}; thread-safe. Every result is created in the
 * scope that is passed. Dimensions: B sequences, T positions, E hidden size, H heads, D head size,
 * I and O a linear map's inputs and outputs, V vocabulary.
 */
public final class Kernels {

  private static final Logger LOG = LoggerFactory.getLogger(Kernels.class);

  private static final Map<Device, Kernels> LOADED = new ConcurrentHashMap<>();

  /** A class's methods: those of every machine, then the linear map that this one does fastest. */
  private static final String COMMON = "kernels.py";

  private static final String PLAIN = "linear_plain.py";
  private static final String PACKED = "linear_packed.py";

  private final Model model;
  private final PtSymbolBlock programs;
  private final Set<ElementType> packed;

  private Kernels(Model model, boolean packs) {
    this.model = model;
    this.programs = (PtSymbolBlock) model.getBlock();
    this.packed = packs ? packedTypes() : Set.of();
  }

  /** The kernels of a device, loaded at the first call in this JVM. */
  public static Kernels on(Device device) {
    return LOADED.computeIfAbsent(device, Kernels::load);
  }

  private static Kernels load(Device device) {
    Torch.configure();
    if (!device.isGpu()) {
      try {
        return new Kernels(load(device, PACKED), true);
      } catch (EngineException e) {
        // A libtorch without oneDNN does not know the operators.
        LOG.debug("linear weights are not packed", e);
      }
    }
    return new Kernels(load(device, PLAIN), false);
  }

  private static Model load(Device device, String linear) {
    Model model = Model.newInstance("kernels", device, Torch.ENGINE);
    try (ByteArrayInputStream archive =
        new ByteArrayInputStream(KernelArchive.ofResources(COMMON, linear))) {
      model.load(archive);
      return model;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (MalformedModelException e) {
      throw new IllegalStateException(COMMON + " with " + linear + " is no TorchScript program", e);
    }
  }

  /** The types of which this processor's oneDNN packs weights: tried, on a small map. */
  private Set<ElementType> packedTypes() {
    EnumSet<ElementType> types = EnumSet.noneOf(ElementType.class);
    for (ElementType type : ElementType.values()) {
      try (Scope scope = Scope.open(device())) {
        NDArray ones = scope.manager().ones(new Shape(16, 16));
        NDArray x = run(scope, "cast", ones, type.torchCode()); // (16, 16)
        NDArray weight = run(scope, "pack", x, 16);
        run(scope, "linear", x, weight, List.of(), "silu");
        types.add(type);
      } catch (EngineException e) {
        LOG.debug("linear weights in {} are not packed", type, e);
      }
    }
    return types;
  }

  /**
   * A linear map's weight as this machine multiplies by it fastest.
   *
   * @param weight (O, I), which is freed when it is not the result
   * @param dtype of the weight
   * @param rows of a typical batch
   * @return for the program {@code linear} alone
   */
  public NDArray pack(Scope scope, NDArray weight, ElementType dtype, int rows) {
    if (!packed.contains(dtype)) {
      return weight;
    }
    NDArray result = run(scope, "pack", weight, rows);
    weight.close();
    return result;
  }

  /** The device whose arrays these kernels take. */
  public Device device() {
    return model.getNDManager().getDevice();
  }

  /**
   * Runs one program.
   *
   * @param scope where the result is created
   * @param program a method's name
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
