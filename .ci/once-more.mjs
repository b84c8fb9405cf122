#!/usr/bin/env node
/**
 * Runs tests. If some fail, their files are run once more, alone: what passes then is unsteady, which is said but is no
 * reason to refuse a change. Whatever fails otherwise fails: a build, a file that fails again, a run without an outcome.
 *
 *   .ci/once-more.mjs 'COMMAND' 'COMMAND THAT FILES ARE ADDED TO'
 *
 * Both are for a shell and end up in Vitest, whose configuration writes the outcome to the file that
 * ZIPFERRY_TEST_OUTCOME names. What is unsteady is appended to the file that ZIPFERRY_TEST_UNSTEADY names.
 */
import { spawnSync } from "node:child_process";
import { appendFileSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** So many files do not fail by chance. */
const MOST_FILES = 10;

const [command = "", again = ""] = process.argv.slice(2);
const directory = mkdtempSync(join(tmpdir(), "once-more-"));
try {
	process.exitCode = main();
} finally {
	rmSync(directory, { recursive: true, force: true });
}

/** @returns the exit code. */
function main() {
	const first = run(command, "first.json");
	for (const { file, retried } of first.outcome?.files ?? []) {
		if (retried.length > 0) tell(file, "passed when it was tried again", retried);
	}
	if (first.exitCode === 0) return first.outcome === undefined ? fail("ended without an outcome") : 0;
	if (first.outcome === undefined) return first.exitCode;
	const { ended, files, strays } = first.outcome;
	const suspects = files.filter(isSuspect);
	if (ended === "interrupted") return fail("the tests were interrupted");
	if (strays.length > 0) return fail(`errors of no file: ${strays.join("\n")}`);
	if (suspects.length === 0) return fail("no file has failed, and the run has");
	if (suspects.length > MOST_FILES) return fail(`${suspects.length} files have failed`);

	const names = suspects.map(({ file }) => file);
	console.log(`\n--- once more, alone: ${names.join(" ")}`);
	const second = run(`${again} --no-file-parallelism`, "second.json", names);
	if (second.exitCode !== 0) return second.exitCode;
	for (const { file, state } of suspects) {
		const now = second.outcome?.files.find((other) => other.file === file)?.state;
		// A file whose tests are all left out can still have thrown something.
		if (now !== "passed" && (now === undefined || now !== state)) return fail(`${file} has not run again`);
	}
	for (const { file, problems } of suspects) tell(file, "passed when it was run once more, alone", problems);
	return 0;
}

/** @param {{ state: string, problems: string[] }} outcome */
function isSuspect({ state, problems }) {
	return problems.length > 0 || (state !== "passed" && state !== "skipped");
}

/**
 * @param {string} text
 * @param {string} outcomeName
 * @param {readonly string[]} files
 */
function run(text, outcomeName, files = []) {
	const path = join(directory, outcomeName);
	const { status } = spawnSync("bash", ["-c", `${text} "$@"`, "bash", ...files], {
		stdio: "inherit",
		env: { ...process.env, ZIPFERRY_TEST_OUTCOME: path },
	});
	return { exitCode: status ?? 1, outcome: outcomeIn(path) };
}

/**
 * @param {string} path
 * @returns {import("./outcome-reporter.js").TestOutcome | undefined}
 */
function outcomeIn(path) {
	try {
		return JSON.parse(readFileSync(path, "utf8"));
	} catch {
		return undefined; // it did not get that far
	}
}

/**
 * @param {string} file
 * @param {string} what
 * @param {readonly string[]} problems
 */
function tell(file, what, problems) {
	const lines = problems.flatMap((problem) => problem.split("\n")).map((line) => `    ${line}\n`);
	const text = `unsteady: ${file}: ${what}\n${lines.join("")}`;
	process.stdout.write(`\n${text}`);
	const path = process.env["ZIPFERRY_TEST_UNSTEADY"];
	if (path !== undefined) appendFileSync(path, text);
}

/** @param {string} why */
function fail(why) {
	console.log(`\nfailed, and not tried once more: ${why}`);
	return 1;
}
