package io.radialnet.transformer;

import io.radialnet.transformer.Architecture.HeadWeights;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * How a checkpoint's tensors make up an {@link Architecture}: the name of each part, {@code %d}
 * standing for the layer, and which linear maps have a bias. A part without a name does not exist
 * in this model.
 */
public final class Blueprint {

  private final Architecture architecture;
  private final String prefix;
  private final Map<Part, String> names;
  private final Set<Part> biased;
  private final Set<Part> transposed;
  private final QkvRows qkvRows;
  private final List<Pattern> notRun;

  private Blueprint(Builder builder) {
    this.architecture = builder.architecture;
    this.prefix = builder.prefix;
    this.names = new EnumMap<>(builder.names);
    this.biased = builder.biased.clone();
    this.transposed = builder.transposed.clone();
    this.qkvRows = builder.qkvRows;
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

  /** Whether the checkpoint stores this linear map's weight as (I, O). */
  public boolean isTransposed(Part part) {
    return transposed.contains(part);
  }

  /** The order of the rows of {@link Part#QKV_PROJ}. */
  public QkvRows qkvRows() {
    return qkvRows;
  }

  /** The name of a part's tensors without the ending .weight or .bias. */
  public String name(Part part, int layer) {
    return part.inLayer() ? names.get(part).formatted(layer) : names.get(part);
  }

  /**
   * Shapes of all tensors that a run needs, as the checkpoint stores them, in the order of
   * execution.
   *
   * @param head whether the LM head is run: it is then needed unless tied
   */
  public Map<String, long[]> tensors(Head head) {
    Map<String, long[]> shapes = new LinkedHashMap<>();
    for (Part part : names.keySet()) {
      boolean isOwn = architecture.head().weights() == HeadWeights.OWN;
      if (part == Part.LM_HEAD && (head == Head.UNUSED || !isOwn)) {
        continue;
      }
      int copies = part.inLayer() ? architecture.layers() : 1;
      for (int layer = 0; layer < copies; layer++) {
        long[] shape = part.weightShape(architecture);
        shapes.put(name(part, layer) + ".weight", storedShape(part, shape));
        if (hasBias(part)) {
          shapes.put(name(part, layer) + ".bias", new long[] {shape[0]});
        }
      }
    }
    return shapes;
  }

  private long[] storedShape(Part part, long[] shape) {
    return isTransposed(part) ? new long[] {shape[1], shape[0]} : shape;
  }

  /** Whether a tensor belongs to a known part that is not run: a pooler, a classifier, a buffer. */
  public boolean isKnownUnused(String tensor) {
    String bare = tensor.startsWith(prefix) ? tensor.substring(prefix.length()) : tensor;
    return notRun.stream().anyMatch(known -> known.matcher(bare).matches());
  }

  /**
   * A tensor's name as a checkpoint spells it: those of the bare network are saved without the
   * family's prefix, and old ones call a norm's weight and bias gamma and beta.
   *
   * @param present the names in the checkpoint
   * @return the name itself where the checkpoint has it in no spelling
   */
  public String spelling(String name, Set<String> present) {
    String bare = name.startsWith(prefix) ? name.substring(prefix.length()) : name;
    return Stream.of(name, bare, old(name), old(bare))
        .filter(present::contains)
        .findFirst()
        .orElse(name);
  }

  private static String old(String name) {
    return name.replaceFirst("\\.weight$", ".gamma").replaceFirst("\\.bias$", ".beta");
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

  /** The order of the rows of a projection to queries, keys and values. */
  public enum QkvRows {
    /** All queries, then all keys, then all values. */
    QUERIES_FIRST,
    /** Head by head, its query, key and value (GPT-NeoX). */
    BY_HEAD
  }

  /** Collects the parts of a blueprint. */
  public static final class Builder {
    private final Architecture architecture;
    private final Map<Part, String> names = new EnumMap<>(Part.class);
    private final EnumSet<Part> biased = EnumSet.noneOf(Part.class);
    private final EnumSet<Part> transposed = EnumSet.noneOf(Part.class);
    private QkvRows qkvRows = QkvRows.QUERIES_FIRST;
    private String prefix = "model.";
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

    /** Says that the checkpoint stores these linear maps' weights as (I, O). */
    public Builder transposed(Part... parts) {
      transposed.addAll(List.of(parts));
      return this;
    }

    /** Says how the rows of {@link Part#QKV_PROJ} are ordered. */
    public Builder qkvRows(QkvRows order) {
      qkvRows = order;
      return this;
    }

    /** Sets what the names of the bare network lack; {@code model.} unless set. */
    public Builder prefix(String value) {
      prefix = value;
      return this;
    }

    /**
     * Says that tensors whose name, without the prefix, matches a regular expression are not run.
     */
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
