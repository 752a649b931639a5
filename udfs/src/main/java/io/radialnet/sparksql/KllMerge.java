package io.radialnet.sparksql;

import static io.radialnet.sparksql.ScalaSeqs.seq;

import java.util.List;
import org.apache.datasketches.kll.KllFloatsSketch;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.types.AbstractDataType;
import org.apache.spark.sql.types.DataTypes;
import scala.collection.immutable.Seq;

/** {@code radial_kll_merge(sketch)}: one sketch of all that the sketches of a group hold. */
public final class KllMerge extends KllAggregate {

  static final String NAME = "radial_kll_merge";

  private static final long serialVersionUID = 1L;

  /** The constructor that Spark copies nodes by. */
  public KllMerge(Seq<Expression> arguments, int mutableAggBufferOffset, int inputAggBufferOffset) {
    super(arguments, mutableAggBufferOffset, inputAggBufferOffset);
  }

  @Override
  KllMerge copy(Seq<Expression> arguments, int mutableAggBufferOffset, int inputAggBufferOffset) {
    return new KllMerge(arguments, mutableAggBufferOffset, inputAggBufferOffset);
  }

  @Override
  public KllFloatsSketch createAggregationBuffer() {
    return KllSketches.create();
  }

  @Override
  public KllFloatsSketch update(KllFloatsSketch buffer, InternalRow row) {
    byte[] sketch = (byte[]) argument(0).eval(row);
    return sketch == null ? buffer : merge(buffer, KllSketches.fromBytes(sketch));
  }

  @Override
  public Seq<AbstractDataType> inputTypes() {
    return seq(List.of(DataTypes.BinaryType));
  }

  @Override
  public String prettyName() {
    return NAME;
  }
}
