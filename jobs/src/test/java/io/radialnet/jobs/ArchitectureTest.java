package io.radialnet.jobs;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.lang.ArchRule;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which package of the jobs may use which. */
class ArchitectureTest {

  private static final String JOBS = "io.radialnet.jobs.";

  private static final List<String> PIPELINES =
      List.of("aggregate", "profile", "report", "routerdata", "routerfit");

  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(new DoNotIncludeTests())
          .importPackages("io.radialnet.jobs");

  @Test
  void noPackageCycleExists() {
    slices().matching(JOBS + "(*)..").should().beFreeOfCycles().check(CLASSES);
  }

  @Test
  void modelsAreRunByTheEngineAlone() {
    noClasses().should().dependOnClassesThat(resideInAPackage("ai.djl..")).check(CLASSES);
  }

  @ParameterizedTest
  @ValueSource(strings = {"aggregate", "profile", "report", "routerdata", "routerfit"})
  void pipelinesMeetInTablesOnly(String pipeline) {
    String[] others =
        PIPELINES.stream()
            .filter(other -> !other.equals(pipeline))
            .map(other -> JOBS + other + "..")
            .toArray(String[]::new);
    ArchRule alone =
        noClasses()
            .that(resideInAPackage(JOBS + pipeline + ".."))
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(others);
    alone.check(CLASSES);
  }

  @Test
  void tablesOptionsAndProvenanceNeedNoJob() {
    noClasses()
        .that()
        .resideInAnyPackage(JOBS + "table..", JOBS + "options..", JOBS + "provenance..")
        .should()
        .dependOnClassesThat(
            resideInAPackage("io.radialnet.jobs..")
                .and(resideOutsideOfPackage(JOBS + "table.."))
                .and(resideOutsideOfPackage(JOBS + "options.."))
                .and(resideOutsideOfPackage(JOBS + "provenance..")))
        .check(CLASSES);
  }

  @Test
  void onlyTheCommandLineKnowsCommands() {
    noClasses()
        .that(resideOutsideOfPackage(JOBS + "cli.."))
        .should()
        .dependOnClassesThat(resideInAPackage(JOBS + "cli.."))
        .check(CLASSES);
  }
}
