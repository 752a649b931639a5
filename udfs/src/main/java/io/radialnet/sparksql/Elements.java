package io.radialnet.sparksql;

import org.apache.spark.sql.catalyst.util.ArrayData;

/** How the numbers of an array are stored. Public for the code that Spark generates. */
public enum Elements {
  /** array&lt;float&gt;. */
  FLOAT {
    @Override
    double at(ArrayData array, int index) {
      return array.getFloat(index);
    }
  },
  /** array&lt;double&gt;. */
  DOUBLE {
    @Override
    double at(ArrayData array, int index) {
      return array.getDouble(index);
    }
  };

  /** The element at a 0-based index that is not null. */
  abstract double at(ArrayData array, int index);
}
