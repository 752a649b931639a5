package io.radialnet.sparksql;

import java.util.List;
import scala.collection.immutable.Seq;
import scala.jdk.javaapi.CollectionConverters;

/** Scala's lists, which Catalyst wants, from and to Java's. */
final class ScalaSeqs {

  private ScalaSeqs() {}

  static <T> Seq<T> seq(List<? extends T> list) {
    return CollectionConverters.<T>asScala(List.<T>copyOf(list)).toList();
  }

  static <T> List<T> list(Seq<T> seq) {
    return CollectionConverters.asJava(seq);
  }
}
