import { resolve, type Scope } from './intrinsics.ts';
import { TemplateError, type RuleDeclaration } from './template.ts';

/** Checks the template's Rules, which see parameters only. Throws with the words of every assertion that fails. */
export function assertRules(rules: Readonly<Record<string, RuleDeclaration>>, scope: Scope): void {
  const failed = Object.entries(rules).flatMap(([name, rule]) => {
    if (rule.RuleCondition !== undefined && resolve(rule.RuleCondition, scope) !== true) return [];
    return rule.Assertions.filter(({ Assert }) => resolve(Assert, scope) !== true).map(
      ({ AssertDescription }) => AssertDescription ?? `rule ${name} failed`,
    );
  });
  if (failed.length > 0) throw new TemplateError(`Template validation error: ${failed.join('; ')}`);
}
