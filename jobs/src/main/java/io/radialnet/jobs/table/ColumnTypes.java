package io.radialnet.jobs.table;

import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataTypes;

/** Column types that several tables use. */
final class ColumnTypes {

  static final ArrayType STRINGS =
      DataTypes.createArrayType(DataTypes.StringType, /* containsNull= */ false);

  private ColumnTypes() {}
}
