package io.radialnet.jobs.corpus;

import java.util.Locale;
import java.util.regex.Pattern;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;

/**
 * A kept value of a text format before its column's type is known: as it is written, and what it
 * could be. Not null; an absent value is a null reference.
 */
record RawValue(String text, Kind kind) {

  /** What a value, or every value of a column, is. */
  enum Kind {
    LONG,
    DOUBLE,
    BOOLEAN,
    STRING,
    /** A JSON object or array: cannot be kept. */
    NESTED;

    /** The type of a column of such values. */
    DataType type() {
      return switch (this) {
        case LONG -> DataTypes.LongType;
        case DOUBLE -> DataTypes.DoubleType;
        case BOOLEAN -> DataTypes.BooleanType;
        case STRING -> DataTypes.StringType;
        case NESTED -> throw new IllegalStateException("nested values have no type here");
      };
    }

    /** The narrowest kind that holds both; null stands for no value yet. */
    static Kind widen(Kind a, Kind b) {
      if (a == null || b == null || a == b) {
        return a == null ? b : a;
      }
      if (a == NESTED || b == NESTED) {
        return NESTED;
      }
      boolean bothNumbers = a != BOOLEAN && a != STRING && b != BOOLEAN && b != STRING;
      return bothNumbers ? DOUBLE : STRING;
    }
  }

  // No leading zeros: 007 is a name, not a number.
  private static final Pattern INTEGER = Pattern.compile("-?(0|[1-9][0-9]{0,17})");
  private static final Pattern DECIMAL =
      Pattern.compile("-?(0|[1-9][0-9]*)(\\.[0-9]+)?([eE][+-]?[0-9]{1,3})?|NaN");

  /** A cell of CSV: a number or truth value if it reads as one. */
  static RawValue ofCell(String text) {
    if (INTEGER.matcher(text).matches()) {
      return new RawValue(text, Kind.LONG);
    }
    if (DECIMAL.matcher(text).matches()) {
      return new RawValue(text, isLongInteger(text) ? Kind.STRING : Kind.DOUBLE);
    }
    String lower = text.toLowerCase(Locale.ROOT);
    boolean isTruthValue = lower.equals("true") || lower.equals("false");
    return new RawValue(text, isTruthValue ? Kind.BOOLEAN : Kind.STRING);
  }

  /** The value in its column's type: String, Boolean, Long or Double. */
  Object typed(DataType type) {
    if (type.equals(DataTypes.LongType)) {
      return Long.valueOf(text);
    }
    if (type.equals(DataTypes.DoubleType)) {
      return Double.valueOf(text);
    }
    return type.equals(DataTypes.BooleanType) ? (Object) Boolean.valueOf(text) : text;
  }

  /** An integer of so many digits that a double would change it. */
  private static boolean isLongInteger(String text) {
    return text.chars().noneMatch(c -> c == '.' || c == 'e' || c == 'E' || c == 'N');
  }
}
