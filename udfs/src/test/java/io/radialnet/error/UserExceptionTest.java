package io.radialnet.error;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;

class UserExceptionTest {

  @Test
  void messageNamesProblemCauseAndRemedy() {
    assertThat(UserException.of("Cannot read a.txt", "it is a directory", "Name a file"))
        .hasMessage("Cannot read a.txt: it is a directory. Name a file.");
  }

  @Test
  void messageIsOneLineWhateverTheOriginSays() {
    IOException origin = new IOException("first\n  second");
    assertThat(UserException.of("Cannot read a.txt", origin.getMessage(), "Try again", origin))
        .hasMessage("Cannot read a.txt: first second. Try again.")
        .hasCause(origin);
  }

  @Test
  void toldOfAnotherProcessItNamesThePlaceAndHasNoStackTrace() {
    UserException failure =
        UserException.of("Cannot run on cuda", "there is none", "Use --device cpu", new Error("x"))
            .at("executor 1 on 10.0.0.7");
    StringWriter printed = new StringWriter();
    failure.printStackTrace(new PrintWriter(printed, true));

    assertThat(printed)
        .hasToString(
            "io.radialnet.error.UserException: executor 1 on 10.0.0.7: Cannot run on cuda: there is"
                + " none. Use --device cpu."
                + System.lineSeparator());
  }
}
