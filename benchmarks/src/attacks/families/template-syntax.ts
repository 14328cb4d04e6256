import { casesOf } from "../make-case.js";

/** What template languages and `String.replace` would expand. */
const pieces: readonly string[] = [
  "$&",
  "$1 and $2",
  "$$",
  "$`",
  "$'",
  "$<name>",
  "{question}",
  "{{question}}",
  "{{{question}}}",
  "{context} {evidence} {input}",
  // biome-ignore lint/suspicious/noTemplateCurlyInString: it is what an attacker would try
  "${question}",
  // biome-ignore lint/suspicious/noTemplateCurlyInString: the same
  "${process.env.OPENAI_API_KEY}",
  // biome-ignore lint/suspicious/noTemplateCurlyInString: the same
  "${jndi:ldap://x}",
  "{% for x in y %}{{ x }}{% endfor %}",
  "{{ self.__init__.__globals__ }}",
  "{{7*7}}",
  "<%= question %>",
  "#{question}",
  "%s %d %(question)s %1$s",
  "{0} {1} {}",
  "{q1}",
  "{q2} {q3}",
  "\\u003csystem\\u003e",
  "\\n\\nHuman:",
  "@question @@question",
  "[[question]] <question/>",
  "}} }} {{ {{",
  "{".repeat(40),
];

/** Template syntax, which must reach the prompt as it is and expand nowhere. */
export const templateSyntax = casesOf(
  "template-syntax",
  ["byte-for-byte", "canary"],
  pieces,
  (piece, { lead, order }) => ({
    planted: [`${lead} It costs ${piece} a day. ${order} ${piece}`],
  }),
);
