import { writeFileSync } from "node:fs";
import { relative } from "node:path";
import { stripVTControlCharacters } from "node:util";

/**
 * What became of a test file.
 *
 * @typedef {object} FileOutcome
 * @property {string} file - Relative to the project.
 * @property {string} state - `passed`, `failed`, `skipped`, or what it was doing when everything ended.
 * @property {string[]} problems - What failed in it, or was thrown while it ran and nobody caught.
 * @property {string[]} retried - What failed in it at first, and passed when Vitest tried again.
 */

/**
 * What became of a run of tests.
 *
 * @typedef {object} TestOutcome
 * @property {string} ended - `passed`, `failed` or `interrupted`. Of errors that nobody caught it knows nothing.
 * @property {FileOutcome[]} files
 * @property {string[]} strays - Errors of which nobody knows the file.
 */

const MOST_LINES = 3;
const LONGEST_LINE = 300;

/** Writes what became of a run for `once-more.mjs`, which decides whether it counts. */
export class OutcomeReporter {
	/** @param {string} path - The file to write. */
	constructor(path) {
		this.path = path;
	}

	/**
	 * @param {readonly import("vitest/node").TestModule[]} modules
	 * @param {readonly import("vitest/node").SerializedError[]} errors
	 * @param {string} ended
	 */
	onTestRunEnd(modules, errors, ended) {
		const files = modules.map(outcomeOf);
		/** @type {string[]} */
		const strays = [];
		for (const error of errors) {
			const path = error["VITEST_TEST_PATH"];
			const file = typeof path === "string" ? relative(process.cwd(), path) : undefined;
			const found = files.find((outcome) => outcome.file === file);
			(found?.problems ?? strays).push(`nobody caught: ${linesOf(error)}`);
		}
		/** @type {TestOutcome} */
		const outcome = { ended, files, strays };
		writeFileSync(this.path, JSON.stringify(outcome));
	}
}

/**
 * @param {import("vitest/node").TestModule} module
 * @returns {FileOutcome}
 */
function outcomeOf(module) {
	const problems = module.errors().map(linesOf);
	const retried = [];
	for (const suite of module.children.allSuites()) {
		problems.push(...suite.errors().map((error) => `${suite.fullName}: ${linesOf(error)}`));
	}
	for (const test of module.children.allTests()) {
		const { state, errors = [] } = test.result();
		const [first] = errors;
		if (state === "failed") problems.push(`${test.fullName}: ${linesOf(first)}`);
		else if (test.diagnostic()?.flaky) retried.push(`${test.fullName}: ${linesOf(first)}`);
	}
	return { file: relative(process.cwd(), module.moduleId), state: module.state(), problems, retried };
}

/**
 * The beginning of what an error says.
 *
 * @param {{ readonly name?: string, readonly message: string } | undefined} error
 */
function linesOf(error) {
	if (error === undefined) return "no error is known";
	const lines = stripVTControlCharacters(`${error.name ?? "Error"}: ${error.message}`).split("\n");
	return lines
		.slice(0, MOST_LINES)
		.map((line) => line.slice(0, LONGEST_LINE))
		.join("\n");
}
