import { type ErrorName, errorAnswer } from "../proxy/answer.ts";
import { answer } from "../proxy/fault.ts";
import type { Rule } from "../proxy/plan.ts";

/** Every request is answered with this error. */
export function everywhere(name: ErrorName): Rule {
	return { fault: answer(errorAnswer(name)) };
}
