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
import io.radialnet.error.UserException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.stream.LongStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The TorchScript programs of {@code *.py} beside this class, for what DJL's NDArray lacks (fused
 * attention, bfloat16, reductions with a dtype) or would hold too long (a block's intermediate
 * results are freed inside the program as soon as they are used). No Python runs: the text is the
 * archive's code.
 *
 * <p>One instance a device and JVM, from {@link #on}; thread-safe. Every result is created in the
 * scope that is passed. Dimensions: B sequences, T positions, E hidden size, H heads, D head size,
 * I and O a linear map's inputs and outputs, V vocabulary.
 */
public final class Kernels {

  private static final Logger LOG = LoggerFactory.getLogger(Kernels.class);

  private static final Map<Key, Kernels> LOADED = new ConcurrentHashMap<>();

  private record Key(Device device, Float32Products products) {}

  /** How a machine does linear maps. */
  private enum LinearMaps {
    /** Weights as they are. */
    PLAIN,
    /** Weights packed by oneDNN. */
    ONEDNN,
    /** Weights packed by MKL in float32, by oneDNN in other types. */
    MKL,
    /** Weights in float32 as digits of int8, packed by oneDNN; in other types packed by oneDNN. */
    INT8;

    /** A class's methods: those of every machine, then the linear maps. */
    List<String> resources() {
      return switch (this) {
        case PLAIN -> List.of("kernels.py", "linear_plain.py");
        case ONEDNN -> List.of("kernels.py", "linear_packed.py", "float32_onednn.py");
        case MKL -> List.of("kernels.py", "linear_packed.py", "float32_mkl.py");
        case INT8 -> List.of("kernels.py", "linear_packed.py", "float32_int8.py");
      };
    }

    /** Those that a device may do, the fastest first; a libtorch may lack the operators. */
    static List<LinearMaps> of(Device device, Processor processor, Float32Products products) {
      if (products == Float32Products.INT8) {
        requireTiles(device, processor);
        return List.of(INT8);
      }
      if (device.isGpu()) {
        return List.of(PLAIN);
      }
      return processor.isIntel() ? List.of(MKL, ONEDNN, PLAIN) : List.of(ONEDNN, PLAIN);
    }

    /** Processors without units for int8 would make other numbers of it, not slower ones. */
    private static void requireTiles(Device device, Processor processor) {
      if (device.isGpu() || !processor.multipliesInt8Tiles()) {
        throw cannotMultiplyInt8(
            device.isGpu()
                ? "the run is on " + device + ", and this is for CPUs"
                : "this processor has no units for tiles of int8 (amx_int8 in /proc/cpuinfo)");
      }
    }
  }

  private final Model model;
  private final PtSymbolBlock programs;
  private final LinearMaps linearMaps;
  private final Set<ElementType> packed;

  private Kernels(Model model, LinearMaps linearMaps, Processor processor) {
    this.model = model;
    this.programs = (PtSymbolBlock) model.getBlock();
    this.linearMaps = linearMaps;
    this.packed = linearMaps == LinearMaps.PLAIN ? Set.of() : packedTypes(processor);
  }

  /** The kernels of a device, loaded at the first call in this JVM. */
  public static Kernels on(Device device) {
    return on(device, Float32Products.FLOAT32);
  }

  /**
   * The kernels of a device that multiply float32 in some way, loaded at the first call in this
   * JVM. All take the same arrays, but for what {@link #pack} returned.
   *
   * @throws UserException if products are to be of int8 and the device has no units for them
   */
  public static Kernels on(Device device, Float32Products products) {
    return LOADED.computeIfAbsent(
        new Key(device, products), key -> load(device, Processor.current(), products));
  }

  /** Those that are the fastest on some processor, and right on every one. */
  static Kernels load(Device device, Processor processor) {
    return load(device, processor, Float32Products.FLOAT32);
  }

  static Kernels load(Device device, Processor processor, Float32Products products) {
    Torch.configure();
    EngineException failure = null;
    for (LinearMaps maps : LinearMaps.of(device, processor, products)) {
      try {
        Kernels kernels = new Kernels(load(device, processor, maps.resources()), maps, processor);
        if (products == Float32Products.FLOAT32 || kernels.packed.contains(ElementType.FLOAT32)) {
          return kernels;
        }
      } catch (EngineException e) {
        LOG.debug("this libtorch has no linear maps {}", maps, e);
        failure = e;
      }
    }
    if (products == Float32Products.INT8) {
      throw cannotMultiplyInt8("this libtorch has no quantized linear maps of oneDNN");
    }
    throw failure;
  }

  private static UserException cannotMultiplyInt8(String why) {
    return UserException.of(
        "Cannot multiply float32 by int8",
        why,
        "Leave out spark.hadoop.radial.float32.products: float32 is the default");
  }

  private static Model load(Device device, Processor processor, List<String> resources) {
    Model model = Model.newInstance("kernels", device, Torch.ENGINE);
    try (ByteArrayInputStream archive =
        new ByteArrayInputStream(KernelArchive.ofResources(processor, resources))) {
      model.load(archive);
      return model;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (MalformedModelException e) {
      throw new IllegalStateException(resources + " are no TorchScript program", e);
    }
  }

  /**
   * The types whose weights are packed on a processor: of those it is fast with, tried on a small
   * map.
   */
  private Set<ElementType> packedTypes(Processor processor) {
    EnumSet<ElementType> types = EnumSet.noneOf(ElementType.class);
    EnumSet<ElementType> candidates = EnumSet.of(ElementType.FLOAT32);
    candidates.addAll(processor.multiplied());
    for (ElementType type : candidates) {
      try (Scope scope = Scope.open(device())) {
        NDArray ones = scope.manager().ones(new Shape(16, 16));
        NDArray x = run(scope, "cast", ones, type.torchCode()); // (16, 16)
        List<NDArray> map = new ArrayList<>(runForAll(scope, "pack", x, 16));
        map.add(x.get(0)); // a bias (16)
        run(scope, "linear", x, map.get(0), map.subList(1, map.size()), "silu");
        types.add(type);
      } catch (EngineException e) {
        LOG.debug("linear weights in {} are not packed", type, e);
      }
    }
    return types;
  }

  /**
   * A linear map as this machine does it fastest.
   *
   * @param linear [weight (O, I)] or [weight, bias (O)]; a weight is freed when it is not in the
   *     result
   * @param dtype of the map
   * @param rows of a typical batch
   * @return for the program {@code linear} alone and those that call it: the weight in as many
   *     arrays as the machine needs, and the bias, also where only the machine needs one
   */
  public List<NDArray> pack(Scope scope, List<NDArray> linear, ElementType dtype, int rows) {
    if (!packed.contains(dtype)) {
      return linear;
    }
    NDArray weight = linear.get(0);
    List<NDArray> result = new ArrayList<>(runForAll(scope, "pack", weight, rows));
    result.addAll(linear.subList(1, linear.size()));
    if (linear.size() == 1 && dtype == ElementType.FLOAT32 && linearMaps == LinearMaps.MKL) {
      result.add(scope.manager().zeros(new Shape(weight.getShape().get(0))));
    }
    weight.close();
    return List.copyOf(result);
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
    return call(program, arguments, result -> result.toTensor((PtNDManager) scope.manager()));
  }

  /** Runs one program whose result is a list of arrays; as {@link #run} else. */
  public List<NDArray> runForAll(Scope scope, String program, Object... arguments) {
    return call(
        program, arguments, result -> List.of(result.toTensorArray((PtNDManager) scope.manager())));
  }

  private <T> T call(String program, Object[] arguments, Function<IValue, T> unpack) {
    // Grad mode belongs to the thread and is on in new ones.
    JniUtils.setGradMode(false);
    IValue[] values = new IValue[arguments.length];
    try {
      for (int i = 0; i < arguments.length; i++) {
        values[i] = value(arguments[i]);
      }
      try (IValue result = IValueUtils.runMethod(programs, program, values)) {
        return unpack.apply(result);
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
