package io.radialnet.sparksql;

import org.apache.spark.sql.SparkSessionExtensions;
import scala.runtime.AbstractFunction1;
import scala.runtime.BoxedUnit;

/**
 * Adds the functions of this package to a session: {@code
 * spark.sql.extensions=io.radialnet.sparksql.RadialExtensions}, beside other extensions with commas
 * in between.
 */
public final class RadialExtensions extends AbstractFunction1<SparkSessionExtensions, BoxedUnit> {

  @Override
  public BoxedUnit apply(SparkSessionExtensions extensions) {
    SqlFunctions.ALL.forEach(function -> extensions.injectFunction(function.description()));
    return BoxedUnit.UNIT;
  }
}
