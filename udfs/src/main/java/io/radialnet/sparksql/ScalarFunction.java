package io.radialnet.sparksql;

import static io.radialnet.sparksql.ScalaSeqs.seq;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.Literal;
import org.apache.spark.sql.catalyst.expressions.objects.StaticInvoke;
import org.apache.spark.sql.types.AbstractDataType;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.ObjectType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.types.TypeCollection;
import scala.Option;

/**
 * The functions of one row: the static method behind each, what it takes and what it gives. Those
 * on ratios take one or more arrays of numbers first, all of floats or all of doubles.
 */
@SuppressWarnings("ImmutableEnumChecker") // Spark's types are immutable, only not marked so.
enum ScalarFunction {
  RATIO("radial_ratio", RatioMethods.class, "ratio", DataTypes.DoubleType),
  RATIO_IN("radial_ratio_in", RatioMethods.class, "ratioIn", DataTypes.DoubleType),
  BLOCKS_UNDER(
      "radial_blocks_under",
      RatioMethods.class,
      "blocksUnder",
      DataTypes.IntegerType,
      DataTypes.DoubleType),
  DYNAMIC_DEPTH(
      "radial_dynamic_depth",
      RatioMethods.class,
      "dynamicDepth",
      DataTypes.IntegerType,
      DataTypes.DoubleType),
  LONG("radial_long", RatioMethods.class, "longForm", Types.LONG_FORM),
  KLL_QUANTILE(
      "radial_kll_quantile",
      SketchMethods.class,
      "quantile",
      DataTypes.FloatType,
      DataTypes.BinaryType,
      Types.DOUBLE_OR_DOUBLES) {
    @Override
    DataType resultType(List<DataType> types) {
      return types.get(1) instanceof ArrayType ? Types.FLOATS : super.resultType(types);
    }
  },
  KLL_RANK(
      "radial_kll_rank",
      SketchMethods.class,
      "rank",
      DataTypes.DoubleType,
      DataTypes.BinaryType,
      DataTypes.DoubleType),
  KLL_N("radial_kll_n", SketchMethods.class, "count", DataTypes.LongType, DataTypes.BinaryType),
  KLL_ERROR(
      "radial_kll_error",
      SketchMethods.class,
      "rankError",
      DataTypes.DoubleType,
      DataTypes.BinaryType);

  private final String sqlName;
  private final Class<?> owner;
  private final String method;
  private final DataType resultType;
  private final List<AbstractDataType> lastTypes;

  /**
   * A function.
   *
   * @param lastTypes what the arguments after the arrays of numbers have to be
   */
  ScalarFunction(
      String sqlName,
      Class<?> owner,
      String method,
      DataType resultType,
      AbstractDataType... lastTypes) {
    this.sqlName = sqlName;
    this.owner = owner;
    this.method = method;
    this.resultType = resultType;
    this.lastTypes = List.of(lastTypes);
  }

  /** Its name in SQL. */
  String sqlName() {
    return sqlName;
  }

  /** What arguments of these types have to be, or be cast to. */
  List<AbstractDataType> inputTypes(List<DataType> types) {
    List<DataType> arrays = arrays(types);
    List<AbstractDataType> inputTypes =
        new ArrayList<>(Collections.nCopies(arrays.size(), Types.ofNumbers(arrays)));
    inputTypes.addAll(lastTypes);
    return inputTypes;
  }

  /** What it gives for arguments of these types. */
  DataType resultType(List<DataType> types) {
    return resultType;
  }

  /** The call of its method. A null argument gives null without it, except in {@link #LONG}. */
  StaticInvoke invocation(List<Expression> arguments) {
    List<DataType> types = arguments.stream().map(Expression::dataType).toList();
    List<DataType> arrays = arrays(types);
    List<Expression> parameters = new ArrayList<>(arguments);
    if (!arrays.isEmpty()) {
      Elements elements =
          Types.ofNumbers(arrays).equals(Types.FLOATS) ? Elements.FLOAT : Elements.DOUBLE;
      parameters.add(new Literal(elements, new ObjectType(Elements.class)));
    }
    boolean nullForNull = this != LONG;
    return new StaticInvoke(
        owner,
        resultType(types),
        method,
        seq(parameters),
        seq(List.of()),
        nullForNull,
        true,
        true,
        Option.empty());
  }

  private List<DataType> arrays(List<DataType> types) {
    return types.subList(0, types.size() - lastTypes.size());
  }

  /** Types that an enum's constants cannot take from the enum itself. */
  private static final class Types {
    static final ArrayType FLOATS = DataTypes.createArrayType(DataTypes.FloatType);
    static final ArrayType DOUBLES = DataTypes.createArrayType(DataTypes.DoubleType);
    static final AbstractDataType DOUBLE_OR_DOUBLES =
        TypeCollection.apply(seq(List.of(DataTypes.DoubleType, DOUBLES)));
    static final ArrayType LONG_FORM =
        DataTypes.createArrayType(
            new StructType(
                new StructField[] {
                  DataTypes.createStructField("layer", DataTypes.IntegerType, false),
                  DataTypes.createStructField("block", DataTypes.StringType, false),
                  DataTypes.createStructField("ratio", DataTypes.FloatType, true)
                }),
            false);

    /** Floats if all arrays hold floats; else doubles, which all other numbers become. */
    static ArrayType ofNumbers(List<DataType> arrays) {
      return arrays.stream().allMatch(FLOATS::acceptsType) ? FLOATS : DOUBLES;
    }
  }
}
