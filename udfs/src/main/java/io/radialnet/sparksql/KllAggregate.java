package io.radialnet.sparksql;

import java.io.Serializable;
import org.apache.datasketches.kll.KllFloatsSketch;
import org.apache.spark.sql.catalyst.analysis.TypeCheckResult;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.ImplicitCastInputTypes;
import org.apache.spark.sql.catalyst.expressions.aggregate.ImperativeAggregate;
import org.apache.spark.sql.catalyst.expressions.aggregate.TypedImperativeAggregate;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import scala.collection.immutable.IndexedSeq;
import scala.collection.immutable.Seq;

/**
 * An aggregate whose buffer is a sketch and whose result is the serialized sketch, never null.
 * Buffers travel between tasks in the same form.
 */
abstract class KllAggregate extends TypedImperativeAggregate<KllFloatsSketch>
    implements ImplicitCastInputTypes, Serializable {

  private static final long serialVersionUID = 1L;

  private final Seq<Expression> arguments;
  private final int mutableAggBufferOffset;
  private final int inputAggBufferOffset;

  KllAggregate(Seq<Expression> arguments, int mutableAggBufferOffset, int inputAggBufferOffset) {
    this.arguments = arguments;
    this.mutableAggBufferOffset = mutableAggBufferOffset;
    this.inputAggBufferOffset = inputAggBufferOffset;
  }

  /** The same aggregate with other arguments and places in the buffers. */
  abstract KllAggregate copy(
      Seq<Expression> arguments, int mutableAggBufferOffset, int inputAggBufferOffset);

  /** The 0-based argument. */
  final Expression argument(int index) {
    return arguments.apply(index);
  }

  @Override
  public KllFloatsSketch merge(KllFloatsSketch buffer, KllFloatsSketch other) {
    if (buffer.isEmpty()) {
      return other; // Its k may be another than the empty buffer's.
    }
    buffer.merge(other);
    return buffer;
  }

  @Override
  public Object eval(KllFloatsSketch buffer) {
    return KllSketches.toBytes(buffer);
  }

  @Override
  public byte[] serialize(KllFloatsSketch buffer) {
    return KllSketches.toBytes(buffer);
  }

  @Override
  public KllFloatsSketch deserialize(byte[] bytes) {
    return KllSketches.fromBytes(bytes);
  }

  @Override
  public TypeCheckResult checkInputDataTypes() {
    return ImplicitCastInputTypes.super.checkInputDataTypes();
  }

  @Override
  public DataType dataType() {
    return DataTypes.BinaryType;
  }

  @Override
  public boolean nullable() {
    return false;
  }

  @Override
  public Seq<Expression> children() {
    return arguments;
  }

  @Override
  public Expression withNewChildrenInternal(IndexedSeq<Expression> children) {
    return copy(children, mutableAggBufferOffset, inputAggBufferOffset);
  }

  @Override
  public int mutableAggBufferOffset() {
    return mutableAggBufferOffset;
  }

  @Override
  public ImperativeAggregate withNewMutableAggBufferOffset(int offset) {
    return copy(arguments, offset, inputAggBufferOffset);
  }

  @Override
  public int inputAggBufferOffset() {
    return inputAggBufferOffset;
  }

  @Override
  public ImperativeAggregate withNewInputAggBufferOffset(int offset) {
    return copy(arguments, mutableAggBufferOffset, offset);
  }

  @Override
  public int productArity() {
    return 3;
  }

  @Override
  public Object productElement(int index) {
    return switch (index) {
      case 0 -> arguments;
      case 1 -> mutableAggBufferOffset;
      default -> inputAggBufferOffset;
    };
  }

  @Override
  public boolean canEqual(Object other) {
    return other != null && getClass() == other.getClass();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof KllAggregate aggregate
        && getClass() == aggregate.getClass()
        && arguments.equals(aggregate.arguments)
        && mutableAggBufferOffset == aggregate.mutableAggBufferOffset
        && inputAggBufferOffset == aggregate.inputAggBufferOffset;
  }

  @Override
  public int hashCode() {
    return super.hashCode();
  }
}
