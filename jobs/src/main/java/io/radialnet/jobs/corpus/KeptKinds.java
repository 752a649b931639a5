package io.radialnet.jobs.corpus;

import java.io.Serializable;
import java.util.List;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * The mergeable state of finding the types of kept columns: the narrowest kind that holds every
 * value so far, and for nested values the first place that has one. Not thread-safe.
 */
final class KeptKinds implements Serializable {

  private final RawValue.Kind[] kinds;
  private final String[] nestedSources;

  KeptKinds(int columns) {
    kinds = new RawValue.Kind[columns];
    nestedSources = new String[columns];
  }

  KeptKinds add(RawDocument document) {
    for (int i = 0; document.kept() != null && i < kinds.length; i++) {
      RawValue value = document.kept()[i];
      if (value == null) {
        continue;
      }
      kinds[i] = RawValue.Kind.widen(kinds[i], value.kind());
      if (value.kind() == RawValue.Kind.NESTED && nestedSources[i] == null) {
        nestedSources[i] = document.split().file() + ":line " + document.line();
      }
    }
    return this;
  }

  /** Joins with a state found later in the corpus. */
  KeptKinds merge(KeptKinds later) {
    for (int i = 0; i < kinds.length; i++) {
      kinds[i] = RawValue.Kind.widen(kinds[i], later.kinds[i]);
      nestedSources[i] = nestedSources[i] == null ? later.nestedSources[i] : nestedSources[i];
    }
    return this;
  }

  /** A string column where no value was seen. */
  StructType schema(CorpusOptions options) {
    List<String> names = options.keepColumns();
    StructType schema = new StructType();
    for (int i = 0; i < kinds.length; i++) {
      if (kinds[i] == RawValue.Kind.NESTED) {
        throw KeptColumns.unsupported(
            options, names.get(i), "an object or array (" + nestedSources[i] + ")");
      }
      DataType type = kinds[i] == null ? DataTypes.StringType : kinds[i].type();
      schema = schema.add(names.get(i), type);
    }
    return schema;
  }
}
