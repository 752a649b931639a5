package io.radialnet.jobs.notebook;

import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * A text field over a paragraph, as its code asks for it: {@code ${name=default}}.
 *
 * @param text all of it
 * @param name of the field
 * @param defaultValue what is in it at first
 */
record Form(String text, String name, String defaultValue) {

  private static final Pattern FORM = Pattern.compile("\\$\\{(\\w+)=([^},]*)}");

  /** The forms of a piece of code, in their order. */
  static List<Form> of(String code) {
    return FORM.matcher(code).results().map(Form::of).toList();
  }

  private static Form of(MatchResult match) {
    return new Form(match.group(), match.group(1), match.group(2));
  }

  /** What is left of a piece of code without its forms. */
  static String without(String code) {
    return FORM.matcher(code).replaceAll("");
  }
}
