package io.radialnet;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.lang.ArchRule;
import org.junit.jupiter.api.Test;

/** Which package of the engine may use which. */
class ArchitectureTest {

  private static final JavaClasses ENGINE =
      new ClassFileImporter()
          .withImportOption(new DoNotIncludeTests())
          .importPackages("io.radialnet");

  @Test
  void packagesUseOnlyThoseBelow() {
    LAYERS.check(ENGINE);
  }

  @Test
  void noPackageCycleExists() {
    slices().matching("io.radialnet.(**)").should().beFreeOfCycles().check(ENGINE);
  }

  @Test
  void onlySqlFunctionsImportSpark() {
    noClasses()
        .that()
        .resideOutsideOfPackage("io.radialnet.sparksql..")
        .should()
        .dependOnClassesThat(resideInAPackage("org.apache.spark.."))
        .check(ENGINE);
  }

  @Test
  void errorsAndCheckpointsNeedNoEngine() {
    noClasses()
        .that(resideInAnyPackage("io.radialnet.checkpoint", "io.radialnet.error"))
        .should()
        .dependOnClassesThat(resideInAPackage("ai.djl.."))
        .check(ENGINE);
  }

  private static final ArchRule LAYERS =
      layeredArchitecture()
          .consideringOnlyDependenciesInAnyPackage("io.radialnet..")
          .layer("error")
          .definedBy("io.radialnet.error")
          .layer("tensor")
          .definedBy("io.radialnet.tensor")
          .layer("checkpoint")
          .definedBy("io.radialnet.checkpoint")
          .layer("text")
          .definedBy("io.radialnet.text")
          .layer("transformer")
          .definedBy("io.radialnet.transformer")
          .layer("family")
          .definedBy("io.radialnet.transformer.family")
          .layer("probe")
          .definedBy("io.radialnet.probe")
          .layer("router")
          .definedBy("io.radialnet.router")
          .layer("runtime")
          .definedBy("io.radialnet.runtime")
          .layer("sparksql")
          .definedBy("io.radialnet.sparksql")
          .whereLayer("sparksql")
          .mayNotBeAccessedByAnyLayer()
          .whereLayer("runtime")
          .mayOnlyBeAccessedByLayers("sparksql")
          .whereLayer("probe")
          .mayOnlyBeAccessedByLayers("runtime", "sparksql")
          .whereLayer("router")
          .mayOnlyBeAccessedByLayers("runtime", "sparksql")
          .whereLayer("family")
          .mayOnlyBeAccessedByLayers("runtime")
          .whereLayer("transformer")
          .mayOnlyBeAccessedByLayers("family", "probe", "router", "runtime", "sparksql")
          .whereLayer("text")
          .mayOnlyBeAccessedByLayers("runtime")
          .whereLayer("checkpoint")
          .mayOnlyBeAccessedByLayers("transformer", "family", "router", "runtime")
          .whereLayer("tensor")
          .mayOnlyBeAccessedByLayers("checkpoint", "transformer", "probe", "router", "runtime");
}
