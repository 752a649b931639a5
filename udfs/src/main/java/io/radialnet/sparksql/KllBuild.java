package io.radialnet.sparksql;

import static io.radialnet.sparksql.ScalaSeqs.seq;

import java.util.List;
import java.util.Map;
import org.apache.datasketches.kll.KllFloatsSketch;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.analysis.TypeCheckResult;
import org.apache.spark.sql.catalyst.analysis.TypeCheckResult.DataTypeMismatch;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.util.ArrayData;
import org.apache.spark.sql.types.AbstractDataType;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.TypeCollection;
import scala.collection.immutable.Map$;
import scala.collection.immutable.Seq;
import scala.jdk.javaapi.CollectionConverters;

/**
 * {@code radial_kll_build(value [, k])}: the sketch of the numbers of a group, or of all elements
 * of its arrays.
 */
public final class KllBuild extends KllAggregate {

  static final String NAME = "radial_kll_build";

  private static final long serialVersionUID = 1L;

  private static final AbstractDataType VALUES =
      TypeCollection.apply(
          seq(
              List.of(
                  DataTypes.DoubleType,
                  DataTypes.FloatType,
                  DataTypes.createArrayType(DataTypes.DoubleType),
                  DataTypes.createArrayType(DataTypes.FloatType))));

  /** The constructor that Spark copies nodes by. */
  public KllBuild(Seq<Expression> arguments, int mutableAggBufferOffset, int inputAggBufferOffset) {
    super(arguments, mutableAggBufferOffset, inputAggBufferOffset);
  }

  @Override
  KllBuild copy(Seq<Expression> arguments, int mutableAggBufferOffset, int inputAggBufferOffset) {
    return new KllBuild(arguments, mutableAggBufferOffset, inputAggBufferOffset);
  }

  @Override
  public KllFloatsSketch createAggregationBuffer() {
    return KllSketches.create(hasK() ? (Integer) argument(1).eval(null) : KllSketches.DEFAULT_K);
  }

  @Override
  public KllFloatsSketch update(KllFloatsSketch buffer, InternalRow row) {
    Object value = argument(0).eval(row);
    if (value instanceof ArrayData array) {
      addAll(buffer, array);
    } else if (value != null) {
      buffer.update(((Number) value).floatValue());
    }
    return buffer;
  }

  private void addAll(KllFloatsSketch buffer, ArrayData array) {
    DataType type = ((ArrayType) argument(0).dataType()).elementType();
    Elements elements = DataTypes.FloatType.equals(type) ? Elements.FLOAT : Elements.DOUBLE;
    for (int i = 0; i < array.numElements(); i++) {
      if (!array.isNullAt(i)) {
        buffer.update((float) elements.at(array, i));
      }
    }
  }

  @Override
  public Seq<AbstractDataType> inputTypes() {
    return seq(hasK() ? List.of(VALUES, DataTypes.IntegerType) : List.of(VALUES));
  }

  @Override
  public TypeCheckResult checkInputDataTypes() {
    TypeCheckResult types = super.checkInputDataTypes();
    return types.isFailure() || !hasK() ? types : checkK(argument(1));
  }

  private static TypeCheckResult checkK(Expression argument) {
    if (!argument.foldable()) {
      return mismatch(
          "NON_FOLDABLE_INPUT",
          Map.of("inputName", "`k`", "inputType", "\"INT\"", "inputExpr", quoted(argument)));
    }
    Integer k = (Integer) argument.eval(null);
    if (k == null) {
      return mismatch("UNEXPECTED_NULL", Map.of("exprName", "`k`"));
    }
    if (k < KllSketches.MIN_K || k > KllSketches.MAX_K) {
      String range = "[" + KllSketches.MIN_K + ", " + KllSketches.MAX_K + "]";
      return mismatch(
          "VALUE_OUT_OF_RANGE",
          Map.of("exprName", "`k`", "valueRange", range, "currentValue", k.toString()));
    }
    return TypeCheckResult.TypeCheckSuccess$.MODULE$;
  }

  private static TypeCheckResult mismatch(String condition, Map<String, String> parameters) {
    return new DataTypeMismatch(
        condition, Map$.MODULE$.from(CollectionConverters.asScala(parameters)));
  }

  private static String quoted(Expression expression) {
    return "\"" + expression.sql() + "\"";
  }

  @Override
  public String prettyName() {
    return NAME;
  }

  private boolean hasK() {
    return children().size() > 1;
  }
}
