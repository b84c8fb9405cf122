import type { Advice } from "../advice/advice.ts";
import { InvalidOptionError, StorageError } from "../errors.ts";
import { STORAGE_FIELDS } from "../s3/options.ts";

/**
 * The same error about the storage that sources are in: its options are those of `sourceStorage`, as those beside that say where the
 * archive goes.
 */
export function ofSourceStorage(error: unknown): unknown {
	if (error instanceof StorageError && error.advice !== undefined)
		return new StorageError(error.code, error.problem, {
			...error.facts,
			advice: renamedAdvice(error.advice),
		});
	if (!(error instanceof InvalidOptionError)) return error;
	const { problem, option, value, allowed, rule, advice, cause } = error;
	return new InvalidOptionError(problem, {
		...{ option: option && renamed(option), value, allowed, rule, cause },
		advice: advice && renamedAdvice(advice),
	});
}

function renamedAdvice(advice: Advice): Advice {
	if (advice.kind === "set-credentials") return { ...advice, option: renamed("profile") };
	return advice.kind === "set-option" || advice.kind === "check-option"
		? { ...advice, option: renamed(advice.option) }
		: advice;
}

function renamed(option: string): string {
	return Object.hasOwn(STORAGE_FIELDS, option) ? `sourceStorage.${option}` : option;
}
