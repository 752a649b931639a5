package io.radialnet.router;

import io.radialnet.checkpoint.Safetensors;
import io.radialnet.checkpoint.SafetensorsWriter;
import io.radialnet.checkpoint.SafetensorsWriter.Tensor;
import io.radialnet.checkpoint.StorageType;
import io.radialnet.checkpoint.TensorInfo;
import io.radialnet.error.UserException;
import io.radialnet.router.RouterWeights.Around;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.DoubleBuffer;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/**
 * The routers of one learner as a safetensors file. Every tensor is float64, as the fit was: the
 * calibration may be steep, and a router is small. For router {@code R}, such as {@code 3.attn}:
 *
 * <ul>
 *   <li>{@code R.mean}, {@code R.scale} (I)
 *   <li>of a perceptron {@code R.W0} (H, I), {@code R.b0} (H), {@code R.W1} (2, H), {@code R.b1}
 *       (2); of a logistic regression {@code R.w} (I), {@code R.b} (1)
 *   <li>{@code R.calibration.x}, {@code R.calibration.y} (K)
 *   <li>{@code R.thresholds}, one for each of the metadata's {@code shares}
 *   <li>or {@code R.constant} (1) alone
 * </ul>
 *
 * Beside them {@code log_frequency} (V) float32, what routers are told of each token. Immutable.
 *
 * @param metadata what they were fitted for
 * @param routers by name, in the order in which a sequential network asks them
 * @param logFrequencies by token id; empty if the file has none. Neither copied nor changed
 */
@SuppressWarnings("ArrayRecordComponent") // handed on, never compared
public record RoutersFile(
    RoutersMetadata metadata,
    SortedMap<RouterName, RouterWeights> routers,
    float[] logFrequencies) {

  private static final String LOG_FREQUENCY = "log_frequency";

  private static final String VERSION_KEY = "format_version";
  private static final String VERSION = "1";
  private static final String REMEDY = "Fit the routers again with `radial fit-routers`";

  public RoutersFile {
    routers = new TreeMap<>(routers);
  }

  /**
   * Writes the file, which appears complete or not at all.
   *
   * @throws UserException if it cannot be written
   */
  public void write(Path file) {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    routers.forEach((name, weights) -> put(tensors, name + ".", weights));
    if (logFrequencies.length > 0) {
      tensors.put(LOG_FREQUENCY, Tensor.float32(logFrequencies, logFrequencies.length));
    }
    SafetensorsWriter.write(file, tensors, header());
  }

  private Map<String, String> header() {
    Map<String, String> header = new LinkedHashMap<>();
    header.put(VERSION_KEY, VERSION);
    header.put("model_fingerprint", metadata.modelFingerprint());
    header.put("run_id", metadata.runId());
    header.put("learner", metadata.learner());
    header.put("features", metadata.features());
    header.put("threshold", Double.toString(metadata.threshold()));
    header.put(
        "shares", metadata.shares().stream().map(String::valueOf).collect(Collectors.joining(",")));
    return header;
  }

  private static void put(Map<String, Tensor> tensors, String prefix, RouterWeights weights) {
    if (weights instanceof RouterWeights.Constant constant) {
      tensors.put(prefix + "constant", float64(new double[] {constant.probability()}, 1));
    } else if (weights instanceof RouterWeights.Logistic logistic) {
      put(tensors, prefix, logistic.around());
      tensors.put(prefix + "w", vector(logistic.coefficients()));
      tensors.put(prefix + "b", float64(new double[] {logistic.intercept()}, 1));
    } else if (weights instanceof RouterWeights.Perceptron perceptron) {
      put(tensors, prefix, perceptron.around());
      int hidden = perceptron.hiddenBiases().length;
      int features = perceptron.around().features();
      tensors.put(prefix + "W0", float64(perceptron.hiddenWeights(), hidden, features));
      tensors.put(prefix + "b0", vector(perceptron.hiddenBiases()));
      tensors.put(prefix + "W1", float64(perceptron.outputWeights(), 2, hidden));
      tensors.put(prefix + "b1", vector(perceptron.outputBiases()));
    }
  }

  private static void put(Map<String, Tensor> tensors, String prefix, Around around) {
    tensors.put(prefix + "mean", vector(around.mean()));
    tensors.put(prefix + "scale", vector(around.scale()));
    tensors.put(prefix + "calibration.x", vector(around.knots()));
    tensors.put(prefix + "calibration.y", vector(around.calibrated()));
    tensors.put(prefix + "thresholds", vector(around.thresholds()));
  }

  private static Tensor vector(double[] values) {
    return float64(values, values.length);
  }

  private static Tensor float64(double[] values, long... shape) {
    ByteBuffer data =
        ByteBuffer.allocate(Math.multiplyExact(values.length, Double.BYTES))
            .order(ByteOrder.LITTLE_ENDIAN);
    data.asDoubleBuffer().put(values);
    return Tensor.of(StorageType.F64, LongStream.of(shape).boxed().toList(), data);
  }

  /**
   * Reads a file.
   *
   * @throws UserException if it cannot be read, is no file of routers, or one of another version
   */
  public static RoutersFile read(Path file) {
    try (Safetensors tensors = Safetensors.open(file)) {
      return new Reader(file, tensors).read();
    }
  }

  /** Reads one file; holds what every check needs for its message. */
  private record Reader(Path file, Safetensors tensors) {

    RoutersFile read() {
      String version = tensors.metadata().get(VERSION_KEY);
      if (!VERSION.equals(version) || !tensors.metadata().containsKey("learner")) {
        throw unusable(
            version == null || !tensors.metadata().containsKey("learner")
                ? "it is no file of routers: its metadata lacks format_version or learner"
                : "it is of format version " + version + ", this version reads " + VERSION);
      }
      RoutersMetadata metadata = metadata();
      TreeMap<RouterName, RouterWeights> routers = new TreeMap<>();
      for (String name : names()) {
        routers.put(name(name), weights(name + ".", metadata.shares().size()));
      }
      return new RoutersFile(metadata, routers, logFrequencies());
    }

    private RoutersMetadata metadata() {
      try {
        return new RoutersMetadata(
            text("model_fingerprint"),
            text("run_id"),
            text("learner"),
            text("features"),
            Double.parseDouble(text("threshold")),
            Stream.of(text("shares").split(",")).map(Double::valueOf).toList());
      } catch (NumberFormatException e) {
        throw unusable("its metadata holds no number: " + e.getMessage());
      }
    }

    private String text(String key) {
      String value = tensors.metadata().get(key);
      if (value == null) {
        throw unusable("its metadata lacks " + key);
      }
      return value;
    }

    /** The names before the second dot of every tensor's. */
    private SortedSet<String> names() {
      SortedSet<String> names = new TreeSet<>();
      for (String tensor : tensors.tensors().keySet()) {
        if (!tensor.equals(LOG_FREQUENCY)) {
          int dot = tensor.indexOf('.', tensor.indexOf('.') + 1);
          names.add(dot < 0 ? tensor : tensor.substring(0, dot));
        }
      }
      return names;
    }

    private RouterName name(String name) {
      try {
        return RouterName.of(name);
      } catch (IllegalArgumentException e) {
        throw unusable("it holds '" + name + "', which names no router");
      }
    }

    private RouterWeights weights(String prefix, int shares) {
      if (tensors.tensors().containsKey(prefix + "constant")) {
        return new RouterWeights.Constant(values(prefix + "constant", 1)[0]);
      }
      int features = length(prefix + "mean");
      int knots = length(prefix + "calibration.x");
      Around around =
          new Around(
              values(prefix + "mean", features),
              values(prefix + "scale", features),
              values(prefix + "calibration.x", knots),
              values(prefix + "calibration.y", knots),
              values(prefix + "thresholds", shares));
      if (tensors.tensors().containsKey(prefix + "w")) {
        return new RouterWeights.Logistic(
            around, values(prefix + "w", features), values(prefix + "b", 1)[0]);
      }
      int hidden = length(prefix + "b0");
      return new RouterWeights.Perceptron(
          around,
          values(prefix + "W0", hidden, features),
          values(prefix + "b0", hidden),
          values(prefix + "W1", 2, hidden),
          values(prefix + "b1", 2));
    }

    private float[] logFrequencies() {
      if (!tensors.tensors().containsKey(LOG_FREQUENCY)) {
        return new float[0];
      }
      float[] values = new float[length(LOG_FREQUENCY)];
      if (info(LOG_FREQUENCY).type() != StorageType.F32) {
        throw unusable("tensor '" + LOG_FREQUENCY + "' is not F32");
      }
      tensors
          .map(LOG_FREQUENCY, Integer.MAX_VALUE)
          .get(0)
          .duplicate()
          .order(ByteOrder.LITTLE_ENDIAN)
          .asFloatBuffer()
          .get(values);
      return values;
    }

    private int length(String name) {
      TensorInfo info = info(name);
      if (info.shape().size() != 1 || info.elements() == 0 || info.elements() > 1 << 24) {
        throw unusable("tensor '" + name + "' has shape " + info.shape() + ", expected one length");
      }
      return (int) info.elements();
    }

    private double[] values(String name, long... shape) {
      TensorInfo info = info(name);
      List<Long> expected = LongStream.of(shape).boxed().toList();
      if (info.type() != StorageType.F64 || !info.shape().equals(expected)) {
        throw unusable(
            "tensor '%s' is %s of shape %s, expected F64 of shape %s"
                .formatted(name, info.type(), info.shape(), expected));
      }
      double[] values = new double[(int) info.elements()];
      int at = 0;
      for (ByteBuffer chunk : tensors.map(name, Integer.MAX_VALUE)) {
        DoubleBuffer doubles = chunk.duplicate().order(ByteOrder.LITTLE_ENDIAN).asDoubleBuffer();
        int count = doubles.remaining();
        doubles.get(values, at, count);
        at += count;
      }
      for (double value : values) {
        if (!Double.isFinite(value)) {
          throw unusable("tensor '" + name + "' holds NaN or infinite numbers");
        }
      }
      return values;
    }

    private TensorInfo info(String name) {
      TensorInfo info = tensors.tensors().get(name);
      if (info == null) {
        throw unusable("it lacks tensor '" + name + "'");
      }
      return info;
    }

    private UserException unusable(String cause) {
      return UserException.of("Cannot use the routers " + file, cause, REMEDY);
    }
  }
}
