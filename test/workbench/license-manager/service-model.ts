import { readFileSync } from 'node:fs';

/** An extract of AWS's published service model: what `service-model.json` says it is from. Facts only, no prose. */
export interface ModelShape {
  readonly type: string;
  readonly required?: readonly string[];
  readonly members?: Readonly<Record<string, string>>;
  readonly member?: string;
  readonly min?: number;
  readonly max?: number;
  readonly pattern?: string;
  readonly enum?: readonly string[];
}

interface ServiceModel {
  readonly operations: Readonly<
    Record<
      string,
      { readonly input: string; readonly output: string; readonly errors: readonly string[] }
    >
  >;
  readonly shapes: Readonly<Record<string, ModelShape>>;
}

export const MODEL = JSON.parse(
  readFileSync(new URL('service-model.json', import.meta.url), 'utf8'),
) as ServiceModel;

export function modelShape(name: string): ModelShape {
  const shape = MODEL.shapes[name];
  if (shape === undefined) throw new Error(`the extract of the model has no shape ${name}`);
  return shape;
}

/** Throws if an answer has a member, a type or an enum value that the model's output shape does not have. */
export function checkAnswer(operation: string, output: unknown): void {
  const definition = MODEL.operations[operation];
  if (definition !== undefined) checkValue(modelShape(definition.output), output, operation);
}

function checkValue(shape: ModelShape, value: unknown, at: string): void {
  if (shape.type === 'structure') {
    const members = new Map(Object.entries(value as Record<string, unknown>));
    for (const name of shape.required ?? []) {
      if (!members.has(name)) throw new Error(`${at} lacks ${name}, which the model requires`);
    }
    for (const [name, member] of members) {
      const of = shape.members?.[name];
      if (of === undefined) throw new Error(`${at} has ${name}, which the model does not know`);
      checkValue(modelShape(of), member, `${at}.${name}`);
    }
    return;
  }
  if (shape.type === 'list') {
    for (const member of value as readonly unknown[])
      checkValue(modelShape(shape.member ?? ''), member, `${at}[]`);
    return;
  }
  const type = shape.type === 'integer' || shape.type === 'long' ? 'number' : shape.type;
  if (typeof value !== type) throw new Error(`${at} is ${typeof value}, in the model ${type}`);
  if (shape.enum !== undefined && !shape.enum.includes(String(value))) {
    throw new Error(`${at} is ${String(value)}, in the model one of ${shape.enum.join(', ')}`);
  }
}
