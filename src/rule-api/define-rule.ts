import type { Rule } from "./types.ts";

/** Identity with inference: ties the message ids used in `check` to the keys of `messages`. */
export function defineRule<MessageId extends string>(rule: Rule<MessageId>): Rule<MessageId> {
  return rule;
}

/**
 * Fills the `{placeholders}` of a message template.
 * @throws if a placeholder has no value, so that no reader ever sees a raw `{name}`.
 */
export function formatMessage(template: string, data: Record<string, string | number> = {}): string {
  return template.replace(/\{([A-Za-z]+)\}/g, (_, key: string) => {
    const value = data[key];
    if (value === undefined) throw new Error(`message placeholder {${key}} has no value`);
    return String(value);
  });
}

/** A rule whose exact message ids no longer matter: what registries and sessions hold. */
export type AnyRule = Rule<string>;
