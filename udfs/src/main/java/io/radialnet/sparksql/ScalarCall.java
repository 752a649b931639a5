package io.radialnet.sparksql;

import static io.radialnet.sparksql.ScalaSeqs.list;
import static io.radialnet.sparksql.ScalaSeqs.seq;

import java.io.Serializable;
import java.util.List;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.analysis.TypeCheckResult;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.ImplicitCastInputTypes;
import org.apache.spark.sql.catalyst.expressions.codegen.CodegenContext;
import org.apache.spark.sql.catalyst.expressions.codegen.ExprCode;
import org.apache.spark.sql.catalyst.expressions.objects.StaticInvoke;
import org.apache.spark.sql.types.AbstractDataType;
import org.apache.spark.sql.types.DataType;
import scala.collection.Iterator;
import scala.collection.immutable.IndexedSeq;
import scala.collection.immutable.Seq;

/**
 * A call of a {@link ScalarFunction} in a query plan: its name and its types for the analyzer, and
 * for the rest Spark's own call of a static method, interpreted or generated.
 *
 * <p>Public, with the constructor that Spark copies nodes by.
 */
public final class ScalarCall extends Expression implements ImplicitCastInputTypes, Serializable {

  private static final long serialVersionUID = 1L;

  private final ScalarFunction function;
  private final Seq<Expression> arguments;
  private transient StaticInvoke invocation;

  /** A call with as many arguments as the function takes. */
  public ScalarCall(ScalarFunction function, Seq<Expression> arguments) {
    this.function = function;
    this.arguments = arguments;
  }

  @Override
  public Seq<Expression> children() {
    return arguments;
  }

  @Override
  public Seq<AbstractDataType> inputTypes() {
    return seq(function.inputTypes(types()));
  }

  @Override
  public TypeCheckResult checkInputDataTypes() {
    return ImplicitCastInputTypes.super.checkInputDataTypes();
  }

  @Override
  public DataType dataType() {
    return function.resultType(types());
  }

  @Override
  public boolean nullable() {
    return true;
  }

  @Override
  public boolean foldable() {
    return list(arguments).stream().allMatch(Expression::foldable);
  }

  @Override
  public Object eval(InternalRow row) {
    return invocation().eval(row);
  }

  @Override
  public ExprCode doGenCode(CodegenContext context, ExprCode code) {
    return invocation().genCode(context);
  }

  @Override
  public Expression withNewChildrenInternal(IndexedSeq<Expression> children) {
    return new ScalarCall(function, children);
  }

  @Override
  public String prettyName() {
    return function.sqlName();
  }

  @Override
  public Iterator<Object> flatArguments() {
    return ScalaSeqs.<Object>seq(list(arguments)).iterator();
  }

  @Override
  public int productArity() {
    return 2;
  }

  @Override
  public Object productElement(int index) {
    return index == 0 ? function : arguments;
  }

  @Override
  public boolean canEqual(Object other) {
    return other instanceof ScalarCall;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof ScalarCall call
        && function == call.function
        && arguments.equals(call.arguments);
  }

  @Override
  public int hashCode() {
    return super.hashCode();
  }

  private List<DataType> types() {
    return list(arguments).stream().map(Expression::dataType).toList();
  }

  private StaticInvoke invocation() {
    if (invocation == null) {
      invocation = function.invocation(list(arguments));
    }
    return invocation;
  }
}
