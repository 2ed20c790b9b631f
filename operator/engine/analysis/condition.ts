// SPDX-License-Identifier: Apache-2.0
import { CelScalar, celEnv, isCelError, parse, plan } from '@bufbuild/cel';

/** What a condition says about a number; an error is no evidence. */
type ConditionAnswer = { readonly holds: boolean } | { readonly error: string };

export type CompiledCondition =
  | { readonly kind: 'condition'; readonly holds: (result: number) => ConditionAnswer }
  | { readonly kind: 'invalid'; readonly problem: string };

type CelExpr = ReturnType<typeof parse>['expr'];

const ENVIRONMENT = celEnv({ variables: { result: CelScalar.DOUBLE } });
const MOST_COMPILED = 256;
const compiled = new Map<string, CompiledCondition>();

/** Numbers on which a condition is tried; one that fails on each of them can never say anything. */
const TRIALS = [0, 1, -1, 0.5, 100, 1e6];

/**
 * A condition in CEL over `result` (double), compiled once for each text. A condition may compare and
 * calculate, but it cannot loop, so that each evaluation is as cheap as its text is short. Whatever is wrong
 * with the text is a problem; whatever goes wrong with one number later is an answer with an error.
 */
export function compileCondition(text: string): CompiledCondition {
  const known = compiled.get(text);
  if (known) return known;
  const fresh = compile(text);
  const oldest = compiled.keys().next();
  if (compiled.size >= MOST_COMPILED && !oldest.done) compiled.delete(oldest.value);
  compiled.set(text, fresh);
  return fresh;
}

function compile(text: string): CompiledCondition {
  const found = planned(text);
  if (typeof found === 'string') return { kind: 'invalid', problem: found };
  const answers = TRIALS.map((number) => answerOf(found(number)));
  const failures = answers.flatMap((answer) => ('error' in answer ? [answer] : []));
  const wrongType = failures.find((failure) => failure.isWrongType);
  const [failure] = failures;
  if (wrongType) return { kind: 'invalid', problem: wrongType.error };
  if (failure && failures.length === TRIALS.length) return { kind: 'invalid', problem: failure.error };
  return { kind: 'condition', holds: (result) => withoutType(answerOf(found(result))) };
}

function planned(text: string): ((result: number) => unknown) | string {
  try {
    const expression = parse(text);
    const problem = problemOf(expression.expr);
    if (problem !== undefined) return problem;
    const evaluate = plan(ENVIRONMENT, expression);
    return (result) => evaluate({ result });
  } catch (error) {
    return `is not CEL: ${error instanceof Error ? error.message : String(error)}`;
  }
}

/** Walks the whole text: only constants, `result`, calls and lists are allowed. */
function problemOf(expression: CelExpr): string | undefined {
  const { exprKind } = expression;
  switch (exprKind.case) {
    case 'constExpr':
      return undefined;
    case 'identExpr':
      return exprKind.value.name === 'result'
        ? undefined
        : `knows only "result", not "${exprKind.value.name}"`;
    case 'callExpr': {
      const { target, args } = exprKind.value;
      return firstProblem(target ? [target, ...args] : args);
    }
    case 'listExpr':
      return firstProblem(exprKind.value.elements);
    case 'comprehensionExpr':
      return 'must not loop (all, exists, exists_one, map, filter)';
    case 'selectExpr':
    case 'structExpr':
    case undefined:
      return 'may use numbers, "result", operators, functions and lists only';
  }
}

function firstProblem(expressions: readonly CelExpr[]): string | undefined {
  return expressions.map(problemOf).find((problem) => problem !== undefined);
}

type TypedAnswer = { readonly holds: boolean } | { readonly error: string; readonly isWrongType: boolean };

function answerOf(value: unknown): TypedAnswer {
  if (typeof value === 'boolean') return { holds: value };
  if (isCelError(value)) return { error: explained(value.message), isWrongType: false };
  return { error: 'must be true or false, not a value of another type', isWrongType: true };
}

function withoutType(answer: TypedAnswer): ConditionAnswer {
  return 'holds' in answer ? answer : { error: answer.error };
}

function explained(message: string): string {
  const isMixed = /overload.*(double, int|int, double)/.test(message);
  return isMixed ? `${message}; "result" is a double: write 2.0 instead of 2` : message;
}
