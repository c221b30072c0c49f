import * as z from 'zod/mini';

/** A function's environment, read once at its cold start. Throws one error that names every variable that is missing. */
export function readEnvironment<Env>(
  schema: z.ZodMiniType<Env>,
  variables: Readonly<Record<string, string | undefined>>,
): Env {
  const result = z.safeParse(schema, variables);
  if (result.success) return result.data;
  const names = [...new Set(result.error.issues.map(({ path }) => String(path[0])))];
  throw new Error(
    `environment variables ${names.join(', ')} are missing or malformed; expected what the watcher stack sets: deploy it again`,
  );
}
