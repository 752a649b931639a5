package io.radialnet.transformer;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * How a checkpoint's tensors make up an {@link Architecture}: the name of each part, {@code %d}
 * standing for the layer, and which linear maps have a bias. A part without a name does not exist
 * in this model.
 */
public final class Blueprint {

  private static final String MODEL_PREFIX = "model.";

  private final Architecture architecture;
  private final Map<Part, String> names;
  private final Set<Part> biased;
  private final List<Pattern> notRun;

  private Blueprint(Builder builder) {
    this.architecture = builder.architecture;
    this.names = new EnumMap<>(builder.names);
    this.biased = builder.biased.clone();
    this.notRun = builder.notRun.stream().map(Pattern::compile).toList();
  }

  /** Starts a blueprint without parts. */
  public static Builder of(Architecture architecture) {
    return new Builder(architecture);
  }

  /** What is computed. */
  public Architecture architecture() {
    return architecture;
  }

  /** Whether this model has such a part. */
  public boolean has(Part part) {
    return names.containsKey(part);
  }

  /** Whether this model's part adds a bias. */
  public boolean hasBias(Part part) {
    return has(part) && (biased.contains(part) || part.hasNormBias(architecture));
  }

  /** The name of a part's tensors without the ending .weight or .bias. */
  public String name(Part part, int layer) {
    return part.inLayer() ? names.get(part).formatted(layer) : names.get(part);
  }

  /**
   * Shapes of all tensors that a run needs, in the order of execution.
   *
   * @param head whether the LM head is run: it is then needed unless tied
   */
  public Map<String, long[]> tensors(Head head) {
    Map<String, long[]> shapes = new LinkedHashMap<>();
    for (Part part : names.keySet()) {
      if (part == Part.LM_HEAD && (head == Head.UNUSED || architecture.tiedHead())) {
        continue;
      }
      int copies = part.inLayer() ? architecture.layers() : 1;
      for (int layer = 0; layer < copies; layer++) {
        long[] shape = part.weightShape(architecture);
        shapes.put(name(part, layer) + ".weight", shape);
        if (hasBias(part)) {
          shapes.put(name(part, layer) + ".bias", new long[] {shape[0]});
        }
      }
    }
    return shapes;
  }

  /** Whether a tensor belongs to a known part that is not run: a pooler, a classifier, a buffer. */
  public boolean isKnownUnused(String tensor) {
    return notRun.stream().anyMatch(known -> known.matcher(tensor).matches());
  }

  /**
   * A tensor's name as a checkpoint spells it: those of the bare network are saved without the
   * prefix {@code model.}
   *
   * @param present the names in the checkpoint
   * @return the name itself where the checkpoint has it in neither spelling
   */
  public static String spelling(String name, Set<String> present) {
    if (!present.contains(name) && name.startsWith(MODEL_PREFIX)) {
      String bare = name.substring(MODEL_PREFIX.length());
      return present.contains(bare) ? bare : name;
    }
    return name;
  }

  /** As {@link #tensors(Head)}, by the names that a checkpoint spells. */
  public Map<String, long[]> tensors(Head head, Set<String> present) {
    Map<String, long[]> shapes = new LinkedHashMap<>();
    tensors(head).forEach((name, shape) -> shapes.put(spelling(name, present), shape));
    return shapes;
  }

  /** Whether a run computes next-token probabilities. */
  public enum Head {
    USED,
    UNUSED
  }

  /** Collects the parts of a blueprint. */
  public static final class Builder {
    private final Architecture architecture;
    private final Map<Part, String> names = new EnumMap<>(Part.class);
    private final EnumSet<Part> biased = EnumSet.noneOf(Part.class);
    private final List<String> notRun = new ArrayList<>();

    private Builder(Architecture architecture) {
      this.architecture = architecture;
    }

    /** Adds a part under a name; {@code %d} is the layer. */
    public Builder part(Part part, String name) {
      names.put(part, name);
      return this;
    }

    /** Says that these linear maps add a bias. */
    public Builder biased(Part... parts) {
      biased.addAll(List.of(parts));
      return this;
    }

    /** Says that tensors whose whole name matches a regular expression are known and not run. */
    public Builder notRun(String pattern) {
      notRun.add(pattern);
      return this;
    }

    /** The finished blueprint. */
    public Blueprint build() {
      return new Blueprint(this);
    }
  }
}
